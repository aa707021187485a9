import type { Kv, TokenStorage } from 'fetch-dance'
import { kvStorage } from 'fetch-dance/kv-storage'
import { type Unstorage, unstorageKv } from './unstorage-kv.ts'

export type { Unstorage } from './unstorage-kv.ts'

/** The options of {@link unstorage}. */
export interface UnstorageOptions {
  /** A small atomic store beside it: a token is then refreshed once, however many instances there are. */
  readonly coordinator?: Kv
}

/**
 * Keeps connections in anything that unstorage has a driver for. It has no atomic writes: without a coordinator, two
 * instances may send the same refresh token.
 *
 * @param storage What `createStorage()` of unstorage returned.
 * @param options The coordinator.
 * @returns The storage to give to `createDance`. What a driver throws becomes `storage_failed`.
 * @example
 * ```ts
 * import { unstorage } from '@fetch-dance/storages/unstorage'
 * import { createStorage } from 'unstorage'
 *
 * const storage = unstorage(createStorage())
 * ```
 */
export function unstorage(storage: Unstorage, options?: UnstorageOptions): TokenStorage {
  return kvStorage(unstorageKv(storage), options)
}
