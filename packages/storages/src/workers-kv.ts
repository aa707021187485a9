import type { Kv, KvKey } from 'fetch-dance'

/** What is used of a Workers KV namespace. */
export interface WorkersKv {
  /** Reads a value with what was written beside it. */
  getWithMetadata(
    name: string,
    options: { type: 'text' },
  ): Promise<{ value: string | null; metadata: unknown }>
  /** Writes a value; `expiration` in seconds since epoch. */
  put(
    name: string,
    value: string,
    options: { expiration?: number; metadata: unknown },
  ): Promise<void>
  /** Deletes a value. */
  delete(name: string): Promise<void>
  /** Lists names in pages. */
  list(options: { prefix: string; limit: number; cursor?: string }): Promise<{
    keys: readonly { name: string; metadata?: unknown }[]
    cursor?: string
  }>
}

/** What stands beside a value. Times are seconds since epoch. */
interface Metadata {
  readonly version: string
  readonly expiresAt?: number
}

interface Entry extends Metadata {
  readonly value: string
}

/** Seconds: Workers KV refuses an expiration less than 60 ahead of its own clock. */
const shortestLife = 120

/** Entries that Workers KV lists at once. */
const longestPage = 1000

/** A Kv in a Workers KV namespace. Not atomic: others may write between its read and its write. */
export function workersKv(namespace: WorkersKv): Kv {
  const read = (key: KvKey) => readEntry(namespace, key)
  return {
    atomic: false,
    async get(key) {
      const entry = await read(key)
      return entry && { value: entry.value, version: entry.version }
    },
    async put(key, value, { ifVersion, expiresAt } = {}) {
      if (ifVersion !== undefined && ((await read(key))?.version ?? null) !== ifVersion) {
        return 'conflict'
      }
      const version = crypto.randomUUID()
      const metadata = { version, ...(expiresAt !== undefined && { expiresAt }) }
      await namespace.put(nameOf(key), value, { metadata, ...expirationOf(expiresAt) })
      return { version }
    },
    async delete(key, { ifVersion } = {}) {
      const entry = await read(key)
      if (!entry || (ifVersion !== undefined && entry.version !== ifVersion)) return false
      await namespace.delete(nameOf(key))
      return true
    },
    async list(group, { after, limit = 100 } = {}) {
      const prefix = prefixOf(group)
      const { keys, cursor } = await namespace.list({
        prefix,
        limit: Math.min(limit, longestPage),
        ...(after !== undefined && { cursor: after }),
      })
      const names = keys.filter(({ metadata }) => isLive(metadata)).map(({ name }) => name)
      return {
        names: names.map((name) => name.slice(prefix.length)),
        ...(cursor && { after: cursor }),
      }
    },
  }
}

async function readEntry(namespace: WorkersKv, key: KvKey): Promise<Entry | null> {
  const { value, metadata } = await namespace.getWithMetadata(nameOf(key), { type: 'text' })
  return value !== null && isLive(metadata) ? { value, ...metadataOf(metadata) } : null
}

/** Whether an entry is not over; Workers KV itself forgets it later. */
function isLive(metadata: unknown): boolean {
  const { expiresAt = Infinity } = metadataOf(metadata)
  return Date.now() < expiresAt * 1000
}

/** What somebody else wrote, or brought back without its metadata, is not passed over: it is there. */
function metadataOf(metadata: unknown): Metadata {
  return isOurs(metadata) ? metadata : { version: 'unknown' }
}

function isOurs(metadata: unknown): metadata is Metadata {
  return typeof metadata === 'object' && metadata !== null && 'version' in metadata
}

/** Never "." and, with group and name of 200 octets each, below the 512 octets that a key may have. */
function nameOf({ group, name }: KvKey): string {
  return prefixOf(group) + name
}

// With its length before it, a group never begins as another one does.
function prefixOf(group: string): string {
  return `dance/${group.length}/${group}/`
}

function expirationOf(expiresAt: number | undefined): { expiration?: number } {
  if (expiresAt === undefined) return {}
  return { expiration: Math.max(Math.ceil(expiresAt), Math.ceil(Date.now() / 1000) + shortestLife) }
}
