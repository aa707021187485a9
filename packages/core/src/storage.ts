/** Where a connection is kept: `owner` is `user:ID`, `app:ID` or `browser:ID`; without an account, the one connected last. */
export interface ConnectionKey {
  provider: string
  owner: string
  account?: string
}

/** What a storage is given to keep. Times are seconds since epoch. */
export interface StoredValue {
  /** Sealed: a storage never sees a token. Printable ASCII, at most 48 KiB. */
  value: string
  /** When the login finished. */
  connectedAt: number
  /** When an unused refresh token would die. */
  dueAt?: number
  /** Keyed hash of the provider's session id. */
  session?: string
  /** From then on the record counts as absent. */
  expiresAt?: number
}

/**
 * Where sealed tokens live: implement it over any store, and try it with `describeTokenStorage` of the testing package.
 * What its methods throw becomes `storage_failed`; a put or delete that throws may have happened. A version is any text
 * that is never used twice for a key, also not after a delete.
 *
 * @example
 * ```ts
 * const key = { provider: 'github', owner: 'user:42', account: '' }
 * const found = await storage.get(key, { fresh: true })
 * if (found) await storage.delete(found.key, { ifVersion: found.version })
 * ```
 */
export interface TokenStorage {
  /**
   * `strong`: `ifVersion` is atomic and a get sees the last put; then a login's answer counts once in all isolates.
   * `eventual`: it cannot promise that. `request`: it lives in the visitor's cookies.
   */
  readonly consistency: 'strong' | 'eventual' | 'request'
  /** A small strong store beside one that is not: in it isolates agree on who sends a refresh token. */
  readonly coordinator?: Kv
  /** Reads one record; without `account` the one with the greatest `connectedAt`. `fresh` bypasses every cache. */
  get(
    key: ConnectionKey,
    o?: { fresh?: boolean },
  ): Promise<{ key: Required<ConnectionKey>; value: string; version: string } | null>
  /**
   * Writes one record.
   *
   * @param o `ifVersion: null`: only if absent or expired; a text: only if unchanged; left out: in any case.
   * `exclusive`: only if no other owner holds this provider's account.
   * @returns The new version, or why nothing was written.
   */
  put(
    key: Required<ConnectionKey>,
    record: StoredValue,
    o?: { ifVersion?: string | null; exclusive?: boolean },
  ): Promise<{ version: string } | 'conflict' | 'account_in_use'>
  /** Deletes one record; false if it was absent or changed. */
  delete(key: Required<ConnectionKey>, o?: { ifVersion?: string }): Promise<boolean>
  /**
   * Lists keys in pages: of an owner, of an account, of a session, those due strictly before a time (the earliest
   * first), or all. A page may hold fewer than `limit`; while there is an `after`, more may come.
   */
  list(
    query:
      | { owner: string }
      | { provider: string; account: string }
      | { provider: string; session: string }
      | { dueBefore: number }
      | Record<never, never>,
    page?: { after?: string; limit?: number },
  ): Promise<{ keys: Required<ConnectionKey>[]; after?: string }>
}

/** The name of an entry in a {@link Kv}: printable ASCII, each of 1 to 200 octets. Case and every mark count. */
export interface KvKey {
  group: string
  name: string
}

/**
 * What a key-value back end has to bring: `kvStorage` makes a token storage of it, and one that is atomic can be a
 * {@link TokenStorage.coordinator}. Try it with `describeKv` of the testing package.
 *
 * Values are printable ASCII, at most 52 KiB. A version is any text that is never used twice for a key, also not after a
 * delete. From its `expiresAt` on an entry counts as absent, by the caller's clock and to the second: keep the time
 * beside the value, compare it with `Date.now()`, and let a lifetime of the back end's own only collect the garbage.
 *
 * @example
 * ```ts
 * const key = { group: 'owner~user_3a_42', name: 'github~' }
 * const found = await coordinator.get(key)
 * if (found) await coordinator.put(key, 'sealed', { ifVersion: found.version })
 * ```
 */
export interface Kv {
  /** Whether `ifVersion` is atomic and a get sees the last put. */
  readonly atomic: boolean
  /** Reads one entry; null where there is none. */
  get(key: KvKey): Promise<{ value: string; version: string } | null>
  /**
   * Writes one entry.
   *
   * @param o `ifVersion: null`: only if absent or expired; a text: only if unchanged; left out: in any case.
   * `expiresAt` in seconds since epoch; without it the entry stays.
   * @returns The new version, or `'conflict'` where nothing was written.
   */
  put(
    key: KvKey,
    value: string,
    o?: { ifVersion?: string | null; expiresAt?: number },
  ): Promise<{ version: string } | 'conflict'>
  /** Deletes one entry; false if it was absent or changed. */
  delete(key: KvKey, o?: { ifVersion?: string }): Promise<boolean>
  /**
   * Lists the names of a group in the order of their octets, at most `limit` a page. `after` is whatever the page before
   * gave, and leads on also where entries came and went. Names of expired entries may still be among them.
   */
  list(
    group: string,
    page?: { after?: string; limit?: number },
  ): Promise<{ names: string[]; after?: string }>
}

/** The dance's cookies of one visit, by their short names (`github`, not `__Host-dance.github`). */
export interface Cookies {
  /** The value in force: what this visit set, else what the browser sent. */
  get(name: string): string | undefined
  /** The short names present. */
  names(): string[]
  /** Sets a cookie; `maxAge` in seconds. Throws `cannot_persist` where no cookie can be set any more. */
  set(name: string, value: string, o?: { maxAge?: number }): void
  /** Deletes a cookie. */
  delete(name: string): void
}

/** A storage that lives in the visitor's cookies. */
export type RequestStorage = (cookies: Cookies) => TokenStorage
