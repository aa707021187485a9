import type { ConnectionKey, TokenStorage } from 'fetch-dance'

/** A cache of texts: a `Map`, an LRU cache, or three functions over any store. */
export interface TextCache {
  /** Reads a text; nothing of it if absent. */
  get(name: string): Promise<string | null | undefined> | string | null | undefined
  /** Keeps a text; it may be dropped at any time. */
  set(name: string, text: string): unknown
  /** Drops a text. */
  delete(name: string): unknown
}

/** The options of {@link withCache}. */
export interface CacheOptions {
  /** Seconds for which a cached record is believed: 60. */
  readonly maxAge?: number
}

type Found = NonNullable<Awaited<ReturnType<TokenStorage['get']>>>

/**
 * Puts a cache in front of a storage. Only reads that need not be the latest are answered from it: `fresh` goes through,
 * and so do writes, which clear what they change.
 *
 * @param storage The storage; consistency and coordinator stay its own.
 * @param cache Where texts are kept under names of 43 letters, digits, `-` and `_`. A cache that cannot be read is
 * passed over; one that cannot be cleared fails the write, which may then have happened.
 * @param options How long a record is believed.
 * @returns The storage to give to `createDance`.
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
  let writes = 0

  async function read(key: ConnectionKey, fresh: boolean): Promise<Found | null> {
    const name = await nameOf(key)
    const cached = fresh ? null : await readCached(cache, name)
    if (cached) return cached
    const before = writes
    const found = await storage.get(key, { fresh })
    // What was read before a write of this instance ended may be the record from before it.
    if (found && writes === before) await cache.set(name, cachedText(found, maxAge))
    return found
  }

  async function write<T>(key: Required<ConnectionKey>, change: () => Promise<T>): Promise<T> {
    const { account: _, ...newest } = key
    writes++
    try {
      return await change()
    } finally {
      // Also after a throw: the change may have happened.
      writes++
      for (const one of [key, newest]) await cache.delete(await nameOf(one))
    }
  }

  return {
    consistency: storage.consistency,
    ...(storage.coordinator && { coordinator: storage.coordinator }),
    get: (key, { fresh = false } = {}) => read(key, fresh),
    put: (key, record, o) => write(key, () => storage.put(key, record, o)),
    delete: (key, o) => write(key, () => storage.delete(key, o)),
    list: (query, page) => storage.list(query, page),
  }
}

/** One short name for a key, whatever is in it: caches have limits on names. */
async function nameOf({ provider, owner, account }: ConnectionKey): Promise<string> {
  const text = JSON.stringify(
    account === undefined ? [provider, owner] : [provider, owner, account],
  )
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  const base64 = btoa(String.fromCharCode(...new Uint8Array(hash)))
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function cachedText(found: Found, maxAge: number): string {
  return JSON.stringify({ found, until: Date.now() / 1000 + maxAge })
}

async function readCached(cache: TextCache, name: string): Promise<Found | null> {
  try {
    const text = await cache.get(name)
    if (!text) return null
    // What is under our name was written by cachedText, or does not open when it is unsealed.
    const { found, until } = JSON.parse(text) as { found: Found; until: number }
    return until > Date.now() / 1000 ? found : null
  } catch {
    return null // The storage itself answers.
  }
}
