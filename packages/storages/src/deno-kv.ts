import { DanceError, type Kv, type KvKey, type TokenStorage } from 'fetch-dance'
import { kvStorage } from 'fetch-dance/kv-storage'

/** What is used of a `Deno.Kv`. */
export interface DenoKv {
  /** Reads one entry. */
  get(key: string[], options: { consistency: 'strong' }): Promise<DenoKvEntry>
  /** Walks the entries below a prefix, in the order of their keys. */
  list(
    selector: { prefix: string[] } | { prefix: string[]; start: string[] },
    options: { consistency: 'strong'; batchSize: number },
  ): AsyncIterable<DenoKvEntry>
  /** Starts a transaction. */
  atomic(): DenoKvTransaction
}

/** An entry of a `Deno.Kv`; without a versionstamp there is none. */
export interface DenoKvEntry {
  readonly key: readonly unknown[]
  readonly value: unknown
  readonly versionstamp: string | null
}

/** What is used of a transaction of a `Deno.Kv`. */
export interface DenoKvTransaction {
  check(entry: { key: string[]; versionstamp: string | null }): DenoKvTransaction
  set(key: string[], value: unknown, options: { expireIn?: number }): DenoKvTransaction
  delete(key: string[]): DenoKvTransaction
  commit(): Promise<{ ok: true; versionstamp: string } | { ok: false }>
}

/** Opens a `Deno.Kv`: `() => Deno.openKv()`. Called once, at first use; after a failure again. */
export type OpenDenoKv = () => DenoKv | Promise<DenoKv>

/** What is kept under a key. */
interface Kept {
  readonly value: string
  readonly expiresAt?: number
}

/** Seconds that Deno KV keeps an entry after its end: not every clock that reads it is right. */
const grace = 60
/** The n-th turn waits n milliseconds: five seconds in all. */
const mostTurns = 100
const pageSize = 100
const largestBatch = 500

/**
 * Keeps connections in Deno KV: strong, with nothing to set up on Deno Deploy.
 *
 * @param client What `Deno.openKv()` opened, or a function that opens it at first use.
 * @returns The storage to give to `createDance`. What Deno KV throws becomes `storage_failed`.
 * @example
 * ```ts
 * import { denoKv } from '@fetch-dance/storages/deno-kv'
 *
 * const storage = denoKv(() => Deno.openKv())
 * ```
 */
export function denoKv(client: DenoKv | OpenDenoKv): TokenStorage {
  return kvStorage(kv(client))
}

/**
 * The bare key-value store, as a coordinator for a storage that is not atomic.
 *
 * @param client What `Deno.openKv()` opened, or a function that opens it at first use. It refuses values above 64 KiB.
 * @returns A `Kv` with atomic writes. It throws `storage_failed` where Deno KV cannot be opened.
 * @example
 * ```ts
 * import { kv } from '@fetch-dance/storages/deno-kv'
 *
 * const coordinator = kv(() => Deno.openKv())
 * ```
 */
export function kv(client: DenoKv | OpenDenoKv): Kv {
  if (typeof client !== 'function') return kvOver(client)
  let opened: Promise<Kv> | undefined
  const open = () => {
    opened ??= Promise.resolve()
      .then(client)
      .then(kvOver)
      .catch((error: unknown) => {
        opened = undefined
        throw cannotOpen(error)
      })
    return opened
  }
  return {
    atomic: true,
    get: async (key) => (await open()).get(key),
    put: async (key, value, o) => (await open()).put(key, value, o),
    delete: async (key, o) => (await open()).delete(key, o),
    list: async (group, page) => (await open()).list(group, page),
  }
}

function kvOver(client: DenoKv): Kv {
  const read = (key: string[]) => client.get(key, { consistency: 'strong' })

  return {
    atomic: true,
    async get(key) {
      return liveEntry(await read(nameOf(key)))
    },
    async put(key, value, { ifVersion, expiresAt } = {}) {
      const name = nameOf(key)
      let transaction = client.atomic()
      if (ifVersion !== undefined) {
        const found = await read(name)
        if ((liveEntry(found)?.version ?? null) !== ifVersion) return 'conflict'
        transaction = transaction.check({ key: name, versionstamp: found.versionstamp })
      }
      const kept: Kept = expiresAt === undefined ? { value } : { value, expiresAt }
      const done = await commit(transaction.set(name, kept, lifetime(expiresAt)))
      return done.ok ? { version: done.versionstamp } : 'conflict'
    },
    async delete(key, { ifVersion } = {}) {
      const name = nameOf(key)
      for (;;) {
        const version = liveEntry(await read(name))?.version
        if (version === undefined || (ifVersion ?? version) !== version) return false
        const check = { key: name, versionstamp: version }
        const done = await commit(client.atomic().check(check).delete(name))
        if (done.ok) return true // Else it changed in between: look again
      }
    },
    async list(group, { after, limit = pageSize } = {}) {
      const prefix = ['fetch-dance', group]
      // The first key behind it
      const start = after === undefined ? {} : { start: [...prefix, `${after}\0`] }
      const batchSize = Math.min(limit + 1, largestBatch)
      const names: string[] = []
      const entries = client.list({ prefix, ...start }, { consistency: 'strong', batchSize })
      for await (const entry of entries) {
        if (!liveEntry(entry)) continue
        if (names.length === limit) return { names, ...lastOf(names) }
        names.push(String(entry.key[2]))
      }
      return { names }
    },
  }
}

/** Commits; where other processes write to the same file, it may take some turns. */
async function commit(transaction: DenoKvTransaction): ReturnType<DenoKvTransaction['commit']> {
  for (let turn = 1; ; turn++) {
    try {
      return await transaction.commit()
    } catch (error) {
      if (turn === mostTurns || !String(error).includes('database is locked')) throw error
      await new Promise((resolve) => setTimeout(resolve, turn))
    }
  }
}

/** Without its flag Deno has no `openKv` to call; a wrong path is a TypeError, too. */
function cannotOpen(error: unknown): DanceError {
  const { name, message } = error instanceof Error ? error : new Error()
  const isMissing = message.includes('openKv is not a function')
  const reason = isMissing ? 'start Deno with --unstable-kv' : `it threw: ${name}`
  return new DanceError('storage_failed', `Cannot open Deno KV: ${reason}`, { cause: { name } })
}

function nameOf({ group, name }: KvKey): string[] {
  return ['fetch-dance', group, name]
}

/** The entry, unless there is none or it has expired. */
function liveEntry({
  value,
  versionstamp,
}: DenoKvEntry): { value: string; version: string } | null {
  if (versionstamp === null) return null
  // Below our prefix lies only what put wrote
  const kept = value as Kept
  if (kept.expiresAt !== undefined && kept.expiresAt * 1000 <= Date.now()) return null
  return { value: kept.value, version: versionstamp }
}

/** When Deno KV may collect the entry, in whole milliseconds from now. */
function lifetime(expiresAt: number | undefined): { expireIn?: number } {
  if (expiresAt === undefined) return {}
  return { expireIn: Math.max(0, Math.ceil((expiresAt + grace) * 1000 - Date.now())) }
}

function lastOf(names: readonly string[]): { after?: string } {
  const after = names.at(-1)
  return after === undefined ? {} : { after }
}
