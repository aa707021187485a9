import { kv, type RedisClient, redis } from '@fetch-dance/storages/redis'
import { describeKv, describeTokenStorage } from '@fetch-dance/testing'
import { afterAll, beforeAll, describe, test } from 'vitest'
import {
  type ClientName,
  clientNames,
  type RedisSetup,
  startClients,
} from './support/redis-clients.ts'
import { noRedis } from './support/redis-server.ts'
import { tellStories } from './support/stories.ts'
import { walkWholeDance } from './support/whole-dance.ts'

if (noRedis) {
  test('redis() over a real Redis', ({ skip }) => skip(noRedis))
} else {
  let setup: RedisSetup
  let opened = 0
  beforeAll(async () => {
    setup = await startClients()
  })
  afterAll(() => setup.stop())

  /** Where nothing is yet, for two clients: as if they were in two processes. */
  const openTwice = (name: ClientName): [RedisClient, RedisClient, { prefix: string }] => {
    return [...setup.clients[name], { prefix: `test ${++opened}` }]
  }

  for (const name of clientNames) {
    const title = `redis, with the client of ${name},`
    const openKvs = () => {
      const [one, other, options] = openTwice(name)
      return [kv(one, options), kv(other, options)]
    }
    const openStorages = () => {
      const [one, other, options] = openTwice(name)
      return [redis(one, options), redis(other, options)] as const
    }
    const openStorage = () => openStorages()[0]
    describeKv(title, openKvs, { describe, test })
    describeTokenStorage(title, openStorages, { describe, test })

    tellStories(title, openStorage)
    test(`redis() with the client of ${name} carries a whole dance NX-08 NX-10 [G9]`, () =>
      walkWholeDance(openStorage()))
  }
}
