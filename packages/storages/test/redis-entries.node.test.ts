import { inspect } from 'node:util'
import { kv } from '@fetch-dance/storages/redis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clientNames, type RedisSetup, startClients } from './support/redis-clients.ts'
import { noRedis } from './support/redis-server.ts'

const key = { group: 'a group', name: 'a name' }

if (noRedis) {
  test('what redis() leaves in a real Redis', ({ skip }) => skip(noRedis))
} else {
  let setup: RedisSetup
  beforeAll(async () => {
    setup = await startClients()
  })
  afterAll(() => setup.stop())

  test("Upstash's client makes no number and no object of a value, nor of a name", async () => {
    const store = kv(setup.clients['@upstash/redis'][0], { prefix: 'texts' })
    for (const text of [
      '12',
      '0012',
      '1e400',
      'null',
      'true',
      '"a"',
      '{"a":1}',
      '[1]',
      'OK',
      ' ',
    ]) {
      await store.put({ group: text, name: text }, text)
      expect((await store.get({ group: text, name: text }))?.value).toBe(text)
      expect(await store.list(text)).toEqual({ names: [text] })
    }
  })

  test('a write that a client sends again, because the answer got lost, is no conflict with itself', async () => {
    const store = kv(setup.clients['@upstash/redis'][0], { prefix: 'lost answers' })
    const first = await store.put(key, 'first', { ifVersion: null })
    setup.bridge.loseAnswers(2)
    const ifVersion = first === 'conflict' ? '' : first.version
    const second = await store.put(key, 'second', { ifVersion })
    expect(second).toEqual({ version: expect.any(String) })
    expect(await store.get(key)).toEqual({ value: 'second', ...Object(second) })
  })

  test.each(clientNames)(
    'an error of the client of %s tells what is wrong, not what is stored [G11]',
    async (name) => {
      await setup.redis.set('{wrong:a%20group}', 'no hash')
      for (const client of setup.clients[name]) {
        const store = kv(client, { prefix: 'wrong' })
        const error: unknown = await store.put(key, 'canary').catch((thrown) => thrown)
        expect(String(error)).toMatch(/^Error: Cannot ask Redis: .*WRONGTYPE/)
        expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('canary')
      }
    },
  )

  test('two prefixes are two stores', async () => {
    const [client] = setup.clients.redis
    await kv(client, { prefix: 'shop' }).put(key, 'of the shop')
    expect(await kv(client, { prefix: 'sho' }).get(key)).toBeNull()
    expect(await kv(client).get(key)).toBeNull()
  })

  test('Redis lets go of what has ended, a minute late, and of nothing that has no end', async () => {
    const store = kv(setup.redis, { prefix: 'ends' })
    const expiresAt = Date.now() / 1000 + 60
    const keys = ['{ends:flows}', '{ends:flows}:names', '{ends:flows}:ends']
    const lives = () => Promise.all(keys.map((one) => setup.redis.pttl(one)))

    await store.put({ group: 'flows', name: 'one' }, 'v', { expiresAt })
    for (const left of await lives()) {
      expect(left).toBeGreaterThan(110_000)
      expect(left).toBeLessThanOrEqual(120_000)
    }
    await store.put({ group: 'flows', name: 'two' }, 'v')
    expect(await lives()).toEqual([-1, -1, -1])
    await store.delete({ group: 'flows', name: 'two' })
    await store.put({ group: 'flows', name: 'one' }, 'v', { expiresAt })
    for (const left of await lives()) expect(left).toBeGreaterThan(0)
  })

  test('a group with something that stays loses what has ended as it is written to', async () => {
    const store = kv(setup.redis, { prefix: 'collect' })
    const group = 'all'
    const expiresAt = Date.now() / 1000 - 3600
    await store.put({ group, name: 'stays' }, 'v')
    for (let i = 0; i < 30; i++) await store.put({ group, name: `flow ${i}` }, 'v', { expiresAt })
    await store.put({ group, name: 'stays' }, 'v')
    expect(await setup.redis.hkeys('{collect:all}')).toEqual(['stays'])
    expect(await setup.redis.zrange('{collect:all}:names', 0, -1)).toEqual(['stays'])
    expect(await setup.redis.zrange('{collect:all}:ends', 0, -1)).toEqual(['stays'])
    await store.delete({ group, name: 'stays' })
    expect(await setup.redis.keys('{collect:*')).toEqual([])
  })
}
