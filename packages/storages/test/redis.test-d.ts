import { kv, redis } from '@fetch-dance/storages/redis'
import { Redis as Upstash } from '@upstash/redis'
import type { TokenStorage } from 'fetch-dance'
import { Cluster, Redis as IoRedis } from 'ioredis'
import { createClient, createClientPool, createCluster, createSentinel } from 'redis'
import { expectTypeOf, test } from 'vitest'

test('redis() takes the clients of three packages, alone, in a pool or of a cluster', () => {
  expectTypeOf(redis(createClient())).toEqualTypeOf<TokenStorage>()
  redis(createClient({ RESP: 3 }))
  redis(createClientPool())
  redis(createCluster({ rootNodes: [] }))
  redis(createSentinel({ name: 'main', sentinelRootNodes: [] }))
  redis(new IoRedis())
  redis(new Cluster([]))
  redis(Upstash.fromEnv())
  redis(new Upstash({ url: '', token: '' }), { prefix: 'shop' })
})

test('redis() takes nothing else', () => {
  // @ts-expect-error not a client
  redis(new Map())
  // @ts-expect-error the storage of another file
  kv({ getItem: async () => null })
})
