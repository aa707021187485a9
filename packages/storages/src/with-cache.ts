import type { ConnectionKey, TokenStorage } from 'fetch-dance'

/** A cache of texts: a `Map`, an LRU cache, or three functions over any store. */
export interface TextCache {
  /** Reads a text. */
  get(name: string): Text | Promise<Text>
  /** Keeps a text; it may be dropped at any time. */
  set(name: string, text: string): unknown
  /** Drops a text. */
  delete(name: string): unknown
}

type Text = string | null | undefined

/** The options of {@link withCache}. */
export interface CacheOptions {
  /** Seconds for which a cached record is believed; 60 unless given. */
  readonly maxAge?: number
}

type Found = NonNullable<Awaited<ReturnType<TokenStorage['get']>>>

/** A cached record. Times are seconds since epoch. */
interface Cached {
  readonly found: Found
  /** Believed until then. */
  readonly until: number
  /** The end of the record, where this is known. */
  readonly expiresAt?: number | undefined
}

/**
 * Puts a cache in front of a storage. A read that has to be right says `fresh` and goes through, as all writes do; what
 * they changed is cleared. Consistency and coordinator stay the storage's own.
 *
 * @param storage The storage.
 * @param cache Where sealed records are kept, under names of 43 letters, digits, `-` and `_`. A cache that cannot be
 * read or filled is passed over; one that cannot be cleared fails the write, which has happened all the same.
 * @param options For how long what is cached is believed.
 * @returns The storage to give to `createDance`. It throws what the storage throws.
 * @example
 * ```ts
 * import { withCache } from '@fetch-dance/storages/with-cache'
 *
 * const cached = withCache(storage, new Map(), { maxAge: 30 })
 * ```
 */
export function withCache(
  storage: TokenStorage,
  cache: TextCache,
  { maxAge = 60 }: CacheOptions = {},
): TokenStorage {
  // What was read or written while somebody else wrote may be stale when it gets here.
  let writes = 0

  async function keep(asked: ConnectionKey, found: Found, ends?: number): Promise<void> {
    const known = await readCached(cache, found.key)
    const expiresAt = ends ?? (known?.found.version === found.version ? known.expiresAt : undefined)
    await fill(cache, asked, { found, expiresAt, until: now() + maxAge })
  }

  async function write<T>(key: Required<ConnectionKey>, change: () => Promise<T>): Promise<T> {
    writes += 1
    try {
      return await change()
    } finally {
      // Also what threw may have happened.
      writes += 1
      const { provider, owner } = key
      for (const one of [key, { provider, owner }]) await cache.delete(await nameOf(one))
    }
  }

  return {
    consistency: storage.consistency,
    ...(storage.coordinator && { coordinator: storage.coordinator }),
    async get(key, { fresh = false } = {}) {
      const cached = fresh ? null : await readCached(cache, key)
      if (cached && now() < Math.min(cached.until, cached.expiresAt ?? Infinity))
        return cached.found
      const before = writes
      const found = await storage.get(key, { fresh })
      if (found && writes === before) await keep(key, found)
      return found
    },
    async put(key, record, o) {
      const before = writes
      const outcome = await write(key, () => storage.put(key, record, o))
      if (typeof outcome === 'object' && writes === before + 2) {
        await keep(key, { key: { ...key }, value: record.value, ...outcome }, record.expiresAt)
      }
      return outcome
    },
    delete: (key, o) => write(key, () => storage.delete(key, o)),
    list: (query, page) => storage.list(query, page),
  }
}

/** One short name for a key, whatever is in it: caches have limits on names. */
async function nameOf({ provider, owner, account }: ConnectionKey): Promise<string> {
  const text = JSON.stringify([provider, owner, account ?? null])
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  const base64 = btoa(String.fromCharCode(...new Uint8Array(hash)))
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

async function readCached(cache: TextCache, key: ConnectionKey): Promise<Cached | null> {
  try {
    const text = await cache.get(await nameOf(key))
    // Only `fill` writes under such a name.
    return text ? (JSON.parse(text) as Cached) : null
  } catch {
    return null // The storage answers.
  }
}

async function fill(cache: TextCache, key: ConnectionKey, cached: Cached): Promise<void> {
  try {
    await cache.set(await nameOf(key), JSON.stringify(cached))
  } catch {
    // The storage answers the next time too.
  }
}

function now(): number {
  return Date.now() / 1000
}
