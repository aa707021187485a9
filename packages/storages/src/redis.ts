import type { Kv, TokenStorage } from 'fetch-dance'
import { kvStorage } from 'fetch-dance/kv-storage'
import { type RedisClient, runScript } from './redis-client.ts'
import { deleteScript, getScript, listScript, putScript } from './redis-scripts.ts'

export type { IoRedis, NodeRedis, RedisClient, UpstashRedis } from './redis-client.ts'

/** The options of {@link redis}. */
export interface RedisOptions {
  /** What all keys begin with: `fetch-dance`. Two apps that share a database need two. */
  readonly prefix?: string
}

/** An end far enough away to be none, as a number that every Lua can read. */
const never = Number.MAX_SAFE_INTEGER
const pageSize = 100

/**
 * Keeps connections in Redis or Valkey: strong as long as there is one primary and it evicts nothing.
 *
 * @param client A connected client of `redis`, `ioredis` or `@upstash/redis`, a cluster's too.
 * @param options What all keys begin with.
 * @returns The storage to give to `createDance`. What the client throws becomes `storage_failed`.
 * @example
 * ```ts
 * import { redis } from '@fetch-dance/storages/redis'
 * import { createClient } from 'redis'
 *
 * const client = createClient({ url: 'redis://localhost:6379' }).on('error', console.error)
 * const storage = redis(await client.connect())
 * ```
 */
export function redis(client: RedisClient, options?: RedisOptions): TokenStorage {
  return kvStorage(kv(client, options))
}

/**
 * The bare key-value store, as a coordinator for a storage that is not atomic.
 *
 * @param client A connected client of `redis`, `ioredis` or `@upstash/redis`, a cluster's too.
 * @param options What all keys begin with.
 * @returns A `Kv` with atomic writes.
 * @example
 * ```ts
 * import { kv } from '@fetch-dance/storages/redis'
 * import { Redis } from '@upstash/redis'
 *
 * const coordinator = kv(Redis.fromEnv())
 * ```
 */
export function kv(client: RedisClient, { prefix = 'fetch-dance' }: RedisOptions = {}): Kv {
  // A script even to read: it runs on the primary, never on a replica that lags behind.
  const run = (script: string, group: string, values: readonly (string | number)[]) =>
    runScript(client, script, keysOf(prefix, group), values.map(String))

  return {
    atomic: true,
    async get({ group, name }) {
      const text = await run(getScript, group, [name, now()])
      const [, version, value] = /^(\S+) \S+ (.*)$/s.exec(text) ?? []
      return version === undefined || value === undefined ? null : { value, version }
    },
    async put({ group, name }, value, { ifVersion, expiresAt = never } = {}) {
      const version = `v${crypto.randomUUID()}`
      const condition = conditionOf(ifVersion)
      const values = [name, now(), condition, version, expiresAt, value, never]
      return (await run(putScript, group, values)) === 'done' ? { version } : 'conflict'
    },
    async delete({ group, name }, { ifVersion } = {}) {
      return (await run(deleteScript, group, [name, now(), conditionOf(ifVersion)])) === 'done'
    },
    async list(group, { after, limit = pageSize } = {}) {
      const from = after === undefined ? '-' : `(${after}`
      const text = await run(listScript, group, [from, now(), limit + 1])
      const names = text.split('\n').slice(1)
      const page = names.slice(0, limit)
      const last = page.at(-1)
      return { names: page, ...(last !== undefined && names.length > limit && { after: last }) }
    },
  }
}

/** The keys of a group. What is in braces decides where a cluster keeps them: all at one place. */
function keysOf(prefix: string, group: string): string[] {
  const tag = [prefix, group].map(encodeURIComponent).join(':')
  return [`{${tag}}`, `{${tag}}:names`, `{${tag}}:ends`]
}

/** As the scripts compare it: no version that a caller makes up reads like one of the two words. */
function conditionOf(ifVersion: string | null | undefined): string {
  if (ifVersion === undefined) return 'any'
  return ifVersion === null ? 'absent' : `=${ifVersion}`
}

/** Seconds since epoch, by our clock: Redis's own would be another. */
function now(): number {
  return Date.now() / 1000
}
