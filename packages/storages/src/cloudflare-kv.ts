import type { Kv, TokenStorage } from 'fetch-dance'
import { kvStorage } from 'fetch-dance/kv-storage'
import { type WorkersKv, workersKv } from './workers-kv.ts'

/** The options of {@link cloudflareKv}. */
export interface CloudflareKvOptions {
  /** A small strong store, so that a refresh token is sent once by all isolates: `kv` of `durable-object`, or of `d1`. */
  readonly coordinator?: Kv
}

/**
 * Keeps connections in Workers KV, which is near everywhere and late: what was written in one place may take a minute
 * to be seen in another. Without a coordinator, refreshes are coordinated within one isolate only.
 *
 * @param namespace The binding of a KV namespace. It may hold other data too: all keys here begin with `dance/`.
 * @param options The coordinator.
 * @returns The storage to give to `createDance`; its consistency is `eventual`.
 * @example
 * ```ts
 * import { env } from 'cloudflare:workers'
 * import { cloudflareKv } from '@fetch-dance/storages/cloudflare-kv'
 * import { kv } from '@fetch-dance/storages/durable-object'
 *
 * export const storage = cloudflareKv(env.TOKENS, { coordinator: kv(env.DANCE) })
 * ```
 */
export function cloudflareKv(
  namespace: WorkersKv,
  options: CloudflareKvOptions = {},
): TokenStorage {
  return kvStorage(workersKv(namespace), options)
}

export type { WorkersKv }
