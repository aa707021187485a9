import { kv } from '@fetch-dance/storages/redis'
import { Cluster, Redis } from 'ioredis'
import { createCluster } from 'redis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { noRedis, type RedisServer, startRedis } from './support/redis-server.ts'

/** Groups whose names mean something where a cluster looks for the part in braces. */
const groups = ['', '}', '{', '{}', 'a}b', '{a}b', 'user:1']

if (noRedis) {
  test('redis() over a real cluster', ({ skip }) => skip(noRedis))
} else {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedis({ cluster: true })
    await becomeCluster(server)
  })
  afterAll(() => server.stop())

  test('redis() keeps a group in one slot of a cluster, with ioredis', async () => {
    const cluster = new Cluster([{ host: '127.0.0.1', port: server.port }])
    try {
      await expectGroups(kv(cluster, { prefix: 'io' }))
      const keys = (await cluster.nodes('master')[0]?.keys('{io:*')) ?? []
      const slots = await Promise.all(keys.map((key) => cluster.cluster('KEYSLOT', key)))
      expect([keys.length, new Set(slots).size]).toEqual([3 * groups.length, groups.length])
    } finally {
      cluster.disconnect()
    }
  })

  test('redis() keeps a group in one slot of a cluster, with node-redis', async () => {
    const rootNodes = [{ url: `redis://127.0.0.1:${server.port}` }]
    const cluster = await createCluster({ rootNodes }).connect()
    try {
      await expectGroups(kv(cluster, { prefix: 'node' }))
    } finally {
      cluster.destroy()
    }
  })
}

/** All four methods in every group: Redis refuses a script whose keys lie in two slots. */
async function expectGroups(store: ReturnType<typeof kv>): Promise<void> {
  for (const group of groups) {
    await store.put({ group, name: 'one' }, group)
    await store.put({ group, name: 'two' }, group)
    expect((await store.get({ group, name: 'one' }))?.value).toBe(group)
    expect(await store.delete({ group, name: 'two' })).toBe(true)
    expect(await store.list(group)).toEqual({ names: ['one'] })
  }
}

/** A cluster of one: it has all slots, and checks keys as a large one does. */
async function becomeCluster({ port }: RedisServer): Promise<void> {
  const redis = new Redis(port, '127.0.0.1')
  await redis.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
  while (!String(await redis.cluster('INFO')).includes('cluster_state:ok')) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  redis.disconnect()
}
