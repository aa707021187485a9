import { withCache } from '@fetch-dance/storages/with-cache'
import { describeTokenStorage, memoryKv, memoryStorage } from '@fetch-dance/testing'
import type { TokenStorage } from 'fetch-dance'
import { afterEach, describe, expect, test } from 'vitest'
import { tellStories } from './support/stories.ts'

const key = { provider: 'github', owner: 'user:1', account: 'a' }
const newest = { provider: 'github', owner: 'user:1' }
const realNow = Date.now

afterEach(() => {
  Date.now = realNow
})

const open = () => withCache(memoryStorage(), new Map())
describeTokenStorage('withCache()', open, { describe, test })
tellStories('withCache()', open)

describe('withCache()', () => {
  test('answers reads from the cache for maxAge seconds, and fresh ones never', async () => {
    const { inner, reads } = counted()
    const storage = withCache(inner, new Map(), { maxAge: 20 })
    await inner.put(key, { value: 'one', connectedAt: 1 })
    for (const asked of [key, newest, key, newest]) expect(await read(storage, asked)).toBe('one')
    expect(reads).toEqual([false, false])
    await storage.get(key, { fresh: true })
    expect(reads).toEqual([false, false, true])
    travel(19)
    await storage.get(newest)
    expect(reads.length).toBe(3)
    travel(20)
    await storage.get(newest)
    expect(reads.length).toBe(4)
  })

  test('sees at once what was written through it, and late what was written elsewhere', async () => {
    const inner = memoryStorage()
    const storage = withCache(inner, new Map())
    await storage.put(key, { value: 'one', connectedAt: 1 })
    await storage.get(newest)
    await storage.put(key, { value: 'two', connectedAt: 1 })
    expect(await read(storage, newest)).toBe('two')
    await inner.put(key, { value: 'three', connectedAt: 1 })
    expect(await read(storage)).toBe('two')
    expect(await read(storage, key, { fresh: true })).toBe('three')
    expect(await read(storage)).toBe('three')
    travel(60)
    expect(await read(storage, newest)).toBe('three')
  })

  test('two instances with one cache see what the other wrote and deleted', async () => {
    const inner = memoryStorage()
    const cache = new Map<string, string>()
    const [one, other] = [withCache(inner, cache), withCache(inner, cache)]
    await one.put(key, { value: 'one', connectedAt: 1 })
    expect(await read(other)).toBe('one')
    await other.put(key, { value: 'two', connectedAt: 1 })
    expect(await read(one)).toBe('two')
    await one.delete(key)
    expect(await other.get(key)).toBeNull()
    expect(cache.size).toBe(0)
  })

  test('does not keep what was read while a write was under way', async () => {
    const inner = memoryStorage()
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
    const { promise: written, resolve: write } = Promise.withResolvers<void>()
    const slow: TokenStorage = {
      ...inner,
      async get(asked, o) {
        const found = await inner.get(asked, o)
        begin()
        await written
        return found
      },
    }
    const storage = withCache(slow, new Map())
    await inner.put(key, { value: 'one', connectedAt: 1 })
    const early = storage.get(key)
    await begun
    await inner.put(key, { value: 'two', connectedAt: 1 })
    await storage.delete({ ...key, account: 'other' })
    write()
    expect((await early)?.value).toBe('one')
    expect(await read(storage)).toBe('two')
  })

  test('clears what was cached when a write throws: it may have happened', async () => {
    const inner = memoryStorage()
    const lossy: TokenStorage = {
      ...inner,
      async put(...args) {
        await inner.put(...args)
        throw new Error('the answer was lost')
      },
    }
    const storage = withCache(lossy, new Map())
    await inner.put(key, { value: 'one', connectedAt: 1 })
    await storage.get(key)
    await expect(storage.put(key, { value: 'two', connectedAt: 1 })).rejects.toThrow('was lost')
    expect(await read(storage)).toBe('two')
  })

  test('passes over a cache that cannot be read, and fails a write that cannot clear it', async () => {
    const inner = memoryStorage()
    const broken = () => {
      throw new Error('the cache is down')
    }
    const storage = withCache(inner, { get: broken, set: broken, delete: broken })
    await inner.put(key, { value: 'one', connectedAt: 1 })
    expect(await read(storage)).toBe('one')
    await expect(storage.put(key, { value: 'two', connectedAt: 1 })).rejects.toThrow('is down')
    expect(await read(storage)).toBe('two')
    const garbled = withCache(inner, { get: () => '{', set: () => {}, delete: () => {} })
    expect(await read(garbled)).toBe('two')
  })

  test('leaves consistency and coordinator to the storage', () => {
    const coordinator = memoryKv()
    const late: TokenStorage = { ...memoryStorage(), consistency: 'eventual', coordinator }
    expect(withCache(late, new Map())).toMatchObject({ consistency: 'eventual', coordinator })
    expect(withCache(memoryStorage(), new Map())).not.toHaveProperty('coordinator')
  })
})

function counted(): { inner: TokenStorage; reads: boolean[] } {
  const inner = memoryStorage()
  const reads: boolean[] = []
  const get: TokenStorage['get'] = (asked, o) => {
    reads.push(o?.fresh === true)
    return inner.get(asked, o)
  }
  return { inner: { ...inner, get }, reads }
}

async function read(
  storage: TokenStorage,
  asked: Parameters<TokenStorage['get']>[0] = key,
  o: { fresh?: boolean } = {},
): Promise<string | undefined> {
  return (await storage.get(asked, o))?.value
}

/** Sets the clock to so many seconds from now. */
function travel(seconds: number): void {
  Date.now = () => realNow() + seconds * 1000
}
