import { memoryStorage } from '@fetch-dance/testing'
import type { Kv, TokenStorage } from 'fetch-dance'

/** A small atomic store in memory, as a coordinator is. */
export function memoryCoordinator(): Kv & { readonly entries: Map<string, { value: string }> } {
  const entries = new Map<string, { value: string; version: string; expiresAt: number }>()
  let versions = 0
  const live = (name: string) => {
    const entry = entries.get(name)
    return entry && entry.expiresAt > Date.now() / 1000 ? entry : null
  }
  return {
    atomic: true,
    entries,
    async get({ group, name }) {
      return live(`${group} ${name}`)
    },
    async put({ group, name }, value, { ifVersion, expiresAt = Number.POSITIVE_INFINITY } = {}) {
      const present = live(`${group} ${name}`)
      if (ifVersion !== undefined && ifVersion !== (present?.version ?? null)) return 'conflict'
      versions += 1
      const version = String(versions)
      entries.set(`${group} ${name}`, { value, version, expiresAt })
      return { version }
    },
    async delete({ group, name }) {
      return entries.delete(`${group} ${name}`)
    },
    async list() {
      return { names: [] }
    },
  }
}

/** A storage in memory whose reads show what stood there before the last write, for a while. */
export function eventualStorage(coordinator?: Kv): TokenStorage {
  const inner = memoryStorage()
  return { ...inner, consistency: 'eventual', ...(coordinator && { coordinator }) }
}
