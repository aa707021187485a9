import { memoryKv } from '@fetch-dance/testing'
import type { Kv, TokenStorage } from 'fetch-dance'
import { kvStorage } from 'fetch-dance/kv-storage'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listedAndFound, telling } from './support/kv-doubles.ts'

const schedules = 300
const owners = ['user:1', 'user:2', 'user:3']
const keys = owners.flatMap((owner) => {
  return ['a', 'b'].map((account) => ({ provider: 'github', owner, account }))
})
const realNow = Date.now
let seconds = 0

beforeEach(() => {
  seconds = 1_000_000
  Date.now = () => seconds * 1000
})

afterEach(() => {
  Date.now = realNow
})

describe('kvStorage() under many writers at once, in seeded schedules', () => {
  test('lists every record under all that it has, and no other, whatever crosses what', async () => {
    for (let seed = 1; seed <= schedules; seed += 1) {
      seconds = 1_000_000
      const random = seeded(seed)
      const kv = memoryKv()
      const workers = [0, 1, 2, 3].map((number) => {
        return workFreely(kvStorage(slow(kv, random, 20)), random, number)
      })
      await Promise.all(workers)
      const { listed, found } = await listedAndFound(kvStorage(kv), [...keys, ...ownKeys])
      expect(listed, `seed ${seed}`).toEqual(found)
    }
  })

  test('gives an account to one owner at most, though reservations lapse on the way', async () => {
    let connected = 0
    for (let seed = 1; seed <= schedules; seed += 1) {
      seconds = 1_000_000
      const random = seeded(seed)
      const kv = memoryKv()
      await Promise.all(
        owners.flatMap((owner) => {
          return [0, 1].map(() => connectAndLeave(kvStorage(slow(kv, random, 15)), random, owner))
        }),
      )
      const { keys: holders } = await kvStorage(kv).list({ provider: 'github', account: 'a' })
      expect(holders.length, `seed ${seed}`).toBeLessThanOrEqual(1)
      connected += holders.length
    }
    expect(connected).toBeGreaterThan(schedules / 10)
  })
})

const ownKeys = [0, 1, 2, 3].map((number) => {
  return { provider: 'github', owner: `browser:${number}`, account: 'a' }
})

/** Writes, deletes and lists at random; what this worker alone has written, it finds at once. */
async function workFreely(
  storage: TokenStorage,
  random: (below: number) => number,
  number: number,
): Promise<void> {
  const own = ownKeys[number] ?? keys[0]
  for (let step = 0; step < 6; step += 1) {
    const key = keys[random(keys.length)] ?? keys[0]
    const listed = { session: `s${random(3)}`, dueAt: 100 + random(3) }
    const record = telling(random(2) ? listed : {}, `${number}.${step}`)
    const chance = random(8)
    if (!key || !own) return
    if (chance < 3) await storage.put(key, record)
    else if (chance === 3) await storage.put(key, record, { ifVersion: null })
    else if (chance === 4) await storage.delete(key)
    else if (chance === 5) await storage.list({ dueBefore: 1000 })
    else if (chance === 6) {
      const found = await storage.get(key)
      if (found) await storage.put(key, record, { ifVersion: found.version })
    } else {
      await storage.put(own, telling(listed, `${number}.${step}`))
      const { keys: found } = await storage.list({ provider: 'github', session: listed.session })
      expect(found).toContainEqual(own)
    }
  }
}

async function connectAndLeave(
  storage: TokenStorage,
  random: (below: number) => number,
  owner: string,
): Promise<void> {
  const key = { provider: 'github', owner, account: 'a' }
  for (let step = 0; step < 3; step += 1) {
    if (random(4) === 0) await storage.delete(key)
    const found = await storage.get(key)
    const o = { ifVersion: found?.version ?? null, exclusive: true }
    await storage.put(key, telling({}, `${owner} ${step}`), o)
  }
}

/** A Kv each of whose calls takes a while: some turns, and up to so many seconds. */
function slow(kv: Kv, random: (below: number) => number, mostSeconds: number): Kv {
  const wait = async () => {
    seconds += random(mostSeconds + 1)
    for (let turns = random(8); turns > 0; turns -= 1) await null
  }
  const slowly = async <T>(call: () => Promise<T>): Promise<T> => {
    await wait()
    const answer = await call()
    await wait()
    return answer
  }
  return {
    atomic: kv.atomic,
    get: (key) => slowly(() => kv.get(key)),
    put: (key, value, o) => slowly(() => kv.put(key, value, o)),
    delete: (key, o) => slowly(() => kv.delete(key, o)),
    list: (group, page) => slowly(() => kv.list(group, page)),
  }
}

/** Whole numbers below a bound, the same for the same seed (mulberry32). */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
