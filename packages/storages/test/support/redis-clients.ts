import type { RedisClient } from '@fetch-dance/storages/redis'
import { Redis as Upstash } from '@upstash/redis'
import { Redis as IoRedis } from 'ioredis'
import { createClient } from 'redis'
import { startRedis } from './redis-server.ts'
import { startUpstashBridge, type UpstashBridge } from './upstash-bridge.ts'

/** A Redis with the three clients, two of each: as if they were in two processes. */
export interface RedisSetup {
  readonly clients: Readonly<Record<ClientName, readonly [RedisClient, RedisClient]>>
  /** To look at what is stored, past the storage. */
  readonly redis: IoRedis
  readonly bridge: UpstashBridge
  readonly url: string
  stop(): Promise<void>
}

/** The packages whose clients are taken. */
export const clientNames = ['redis', 'ioredis', '@upstash/redis'] as const
export type ClientName = (typeof clientNames)[number]

/** Starts a Redis, Upstash's REST API in front of it, and connects all clients. */
export async function startClients(): Promise<RedisSetup> {
  const server = await startRedis()
  const url = `redis://127.0.0.1:${server.port}`
  const nodeRedis = () => createClient({ url }).connect()
  const node = [await nodeRedis(), await nodeRedis()] as const
  const io = [new IoRedis(url), new IoRedis(url)] as const
  const [redis] = io
  const bridge = await startUpstashBridge(redis)
  const upstash = (enableAutoPipelining: boolean) => {
    return new Upstash({ url: bridge.url, token: bridge.token, enableAutoPipelining })
  }
  return {
    clients: { redis: node, ioredis: io, '@upstash/redis': [upstash(true), upstash(false)] },
    redis,
    bridge,
    url,
    async stop() {
      for (const client of node) client.destroy()
      for (const client of io) client.disconnect()
      await bridge.stop()
      await server.stop()
    },
  }
}
