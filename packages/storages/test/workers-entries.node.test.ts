import { type D1, kv as kvInD1 } from '@fetch-dance/storages/d1'
import { kv as kvInObjects } from '@fetch-dance/storages/durable-object'
import { Miniflare } from 'miniflare'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { workersKv } from '../src/workers-kv.ts'
import { twoOf } from './support/two-workers.ts'

const realNow = Date.now
const day = 86_400
let miniflare: Miniflare

beforeAll(async () => {
  const workers = await twoOf(new URL('fixture/woken-objects.ts', import.meta.url))
  miniflare = new Miniflare({ workers })
})

afterEach(() => {
  Date.now = realNow
})

afterAll(() => miniflare?.dispose())

describe('what is over', () => {
  test('goes from a Durable Object in a day, and the object with its last entry', async () => {
    const objects = await miniflare.getDurableObjectNamespace('OBJECTS')
    const kv = kvInObjects(objects)
    const group = 'group'
    const wake = async (seconds: number): Promise<{ names: string[]; next: number | null }> => {
      const object = objects.get(objects.idFromName(group))
      const answer = await object.fetch(`https://x.test/wake?now=${realNow() + seconds * 1000}`)
      // It is what the fixture answers.
      return (await answer.json()) as { names: string[]; next: number | null }
    }
    await kv.put({ group, name: 'soon' }, 'x', { expiresAt: realNow() / 1000 + 100 })
    await kv.put({ group, name: 'later' }, 'x', { expiresAt: realNow() / 1000 + 3 * day })
    await kv.put({ group, name: 'ever' }, 'x')
    expect((await wake(day)).names).toEqual(['ever', 'later', 'soon'])
    const { names, next } = await wake(day + 101)
    expect(names).toEqual(['ever', 'later'])
    expect(next).toBeGreaterThan(realNow() + 1.9 * day * 1000)
    expect((await wake(5 * day)).names).toEqual(['ever'])
    expect(await kv.get({ group, name: 'ever' })).toMatchObject({ value: 'x' })

    await kv.delete({ group, name: 'ever' })
    expect(await wake(6 * day)).toEqual({ names: [], next: null })
    await kv.put({ group, name: 'again' }, 'x', { ifVersion: null })
    expect(await kv.list(group)).toEqual({ names: ['again'] })
  })

  test('goes from D1 an hour later, ten rows with each write of what will end', async () => {
    const database: D1 = await miniflare.getD1Database('DB')
    const kv = kvInD1(database)
    const group = 'group'
    for (let row = 0; row < 12; row += 1) {
      await kv.put({ group, name: `soon ${row}` }, 'x', { expiresAt: realNow() / 1000 + 100 })
    }
    await kv.put({ group, name: 'ever' }, 'x')
    const count = async () => {
      const [rows] = await database.batch([database.prepare('SELECT name FROM dance_entries')])
      return rows?.results.length
    }
    const write = (name: string) =>
      kv.put({ group, name }, 'x', { expiresAt: realNow() / 1000 + 3 * day })
    Date.now = () => realNow() + 3_000_000
    await write('one')
    expect(await count()).toBe(14)
    Date.now = () => realNow() + 3_800_000
    await write('two')
    expect(await count()).toBe(5)
    await write('three')
    expect(await kv.list(group)).toEqual({ names: ['ever', 'one', 'three', 'two'] })
    expect(await count()).toBe(4)
  })

  test('has a life in Workers KV that it takes, and keys of lengths that it takes', async () => {
    const namespace = await miniflare.getKVNamespace('KV')
    const kv = workersKv(namespace)
    const long = 'x'.repeat(200)
    const now = Math.floor(realNow() / 1000)
    await kv.put({ group: long, name: long }, 'x', { expiresAt: now + 1 })
    await kv.put({ group: '.', name: '.' }, 'x', { expiresAt: now + day + 0.5 })
    const { keys } = await namespace.list()
    const ends = new Map(keys.map(({ name, expiration = 0 }) => [name.length, expiration - now]))
    expect([...ends.keys()].every((length) => length <= 512)).toBe(true)
    expect([...ends.values()]).toEqual([expect.closeTo(day, -1), expect.closeTo(120, -1)])
  })
})

test('what came into Workers KV without metadata is there, and can be replaced', async () => {
  const namespace = await miniflare.getKVNamespace('KV')
  const kv = workersKv(namespace)
  const key = { group: 'restored', name: 'entry' }
  await kv.put(key, 'one')
  const { keys } = await namespace.list({ prefix: 'dance/8/restored/' })
  await namespace.put(keys[0]?.name ?? '', 'two')
  expect((await kv.list('restored')).names).toEqual(['entry'])
  expect(await kv.put(key, 'three', { ifVersion: null })).toBe('conflict')
  const found = await kv.get(key)
  expect(found?.value).toBe('two')
  await kv.put(key, 'three', { ifVersion: found?.version ?? '' })
  expect((await kv.get(key))?.value).toBe('three')
})
