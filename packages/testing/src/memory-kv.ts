import type { Kv, KvKey } from 'fetch-dance'

interface Entry {
  readonly value: string
  readonly version: string
  readonly expiresAt: number
}

/** What a {@link memoryKv} promises. */
export interface MemoryKvOptions {
  /** Whether a put looks and writes in one go; `true` unless given. */
  readonly atomic?: boolean
}

/**
 * A {@link Kv} in memory, for tests: under `kvStorage`, or as a coordinator.
 *
 * @param o Whether it is atomic. One that is not looks, waits and then writes, as stores without compare-and-set do.
 * @returns An empty store.
 * @example
 * ```ts
 * import { memoryKv } from '@fetch-dance/testing'
 * import { kvStorage } from 'fetch-dance/kv-storage'
 *
 * export const storage = kvStorage(memoryKv())
 * ```
 */
export function memoryKv({ atomic = true }: MemoryKvOptions = {}): Kv {
  const groups = new Map<string, Map<string, Entry>>()
  // Counts on after a delete, so that no version is ever used twice.
  let lastVersion = 0

  function groupOf(group: string): Map<string, Entry> {
    const entries = groups.get(group) ?? new Map<string, Entry>()
    groups.set(group, entries)
    return entries
  }

  function read({ group, name }: KvKey): Entry | undefined {
    const entry = groupOf(group).get(name)
    return entry && Date.now() < entry.expiresAt * 1000 ? entry : undefined
  }

  return {
    atomic,
    async get(key) {
      const entry = read(key)
      return entry ? { value: entry.value, version: entry.version } : null
    },
    async put(key, value, { ifVersion, expiresAt = Number.POSITIVE_INFINITY } = {}) {
      const { group, name } = key
      const current = read(key)?.version ?? null
      if (!atomic) await nextTurn()
      if (ifVersion !== undefined && ifVersion !== current) return 'conflict'
      lastVersion += 1
      const version = `v${lastVersion}`
      groupOf(group).set(name, { value, version, expiresAt })
      return { version }
    },
    async delete(key, { ifVersion } = {}) {
      const current = read(key)
      if (!atomic) await nextTurn()
      if (!current || (ifVersion !== undefined && ifVersion !== current.version)) return false
      return groupOf(key.group).delete(key.name)
    },
    async list(group, { after, limit = 100 } = {}) {
      const names = [...groupOf(group).keys()]
        .sort()
        .filter((name) => after === undefined || name > after)
      const page = names.slice(0, limit)
      const last = page.at(-1)
      return {
        names: page,
        ...(last !== undefined && names.length > limit ? { after: last } : {}),
      }
    },
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}
