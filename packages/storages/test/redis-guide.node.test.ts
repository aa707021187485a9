import type { TokenStorage } from 'fetch-dance'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadGuide } from './support/guide.ts'
import { type RedisSetup, startClients } from './support/redis-clients.ts'
import { noRedis } from './support/redis-server.ts'
import { walkWholeDance } from './support/whole-dance.ts'

interface Guide {
  readonly storage: TokenStorage
  readonly client?: { disconnect(): unknown }
}

/** The guides that need a Redis, each known by words in it. */
const guides = {
  'node-redis': 'createClient({ url })',
  ioredis: "from 'ioredis'",
  "Upstash's client": 'Redis.fromEnv()',
  'unstorage with a coordinator': 'coordinator: kv(client)',
}

if (noRedis) {
  test('the guides to redis()', ({ skip }) => skip(noRedis))
} else {
  let setup: RedisSetup
  beforeAll(async () => {
    setup = await startClients()
  })
  afterAll(() => setup.stop())

  for (const [name, words] of Object.entries(guides)) {
    test(`the guide to ${name} is enough for a whole dance`, async () => {
      const { storage, client } = await loadGuide<Guide>(words, {
        REDIS_URL: setup.url,
        UPSTASH_REDIS_REST_URL: setup.bridge.url,
        UPSTASH_REDIS_REST_TOKEN: setup.bridge.token,
      })
      try {
        await setup.redis.flushall()
        await walkWholeDance(storage)
      } finally {
        client?.disconnect()
      }
      if (!storage.coordinator) expect(await setup.redis.keys('{fetch-dance:*')).not.toEqual([])
    })
  }
}
