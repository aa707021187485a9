import { memoryKv } from '@fetch-dance/testing'
import type { Kv } from 'fetch-dance'
import { kvStorage } from 'fetch-dance/kv-storage'
import { afterEach, describe, expect, test } from 'vitest'
import { travel } from './support/kit.ts'
import { telling } from './support/kv-doubles.ts'

const keyOf = (owner: string) => ({ provider: 'github', owner, account: 'a' })
const create = { ifVersion: null, exclusive: true }
const [one, two] = [keyOf('user:1'), keyOf('user:2')]
const travels: (() => void)[] = []

afterEach(() => {
  for (const back of travels.splice(0).reverse()) back()
})

describe('kvStorage() whose put of an exclusive record is held up until its reservation has lapsed', () => {
  test('gives the account to who came meanwhile and is done', async () => {
    const kv = memoryKv()
    const slow = await startSlowly(kv, one)
    travels.push(travel(61))
    const storage = kvStorage(kv)
    expect(await storage.put(two, telling({}), create)).toMatchObject({
      version: expect.any(String),
    })
    expect(await slow.goOn()).toBe('account_in_use')
    expect(await storage.get(one)).toBe(null)
    expect((await storage.list({ provider: 'github', account: 'a' })).keys).toEqual([two])
  })

  test('gives the account to who came meanwhile and has not written yet', async () => {
    const kv = memoryKv()
    const slow = await startSlowly(kv, one)
    travels.push(travel(61))
    const quicker = await startSlowly(kv, two)
    expect(await slow.goOn()).toBe('account_in_use')
    expect(await quicker.goOn()).toMatchObject({ version: expect.any(String) })
    const { keys } = await kvStorage(kv).list({ provider: 'github', account: 'a' })
    expect(keys).toEqual([two])
  })

  test('keeps the account where nobody came', async () => {
    const kv = memoryKv()
    const slow = await startSlowly(kv, one)
    travels.push(travel(61))
    expect(await slow.goOn()).toMatchObject({ version: expect.any(String) })
    expect(await kvStorage(kv).put(two, telling({}), create)).toBe('account_in_use')
  })
})

describe('kvStorage() while an account is reserved', () => {
  test('refuses it to another owner at once, and never to the same owner', async () => {
    const kv = memoryKv()
    const slow = await startSlowly(kv, one)
    const storage = kvStorage(kv)
    expect(await storage.put(two, telling({}), create)).toBe('account_in_use')
    expect(await storage.put(one, telling({}), create)).toMatchObject({
      version: expect.any(String),
    })
    expect(await slow.goOn()).toBe('conflict')
    expect(await storage.put(two, telling({}), create)).toBe('account_in_use')
  })

  test('takes it for free once its isolate is dead for a minute', async () => {
    const kv = memoryKv()
    await startSlowly(kv, one)
    travels.push(travel(59))
    expect(await kvStorage(kv).put(two, telling({}), create)).toBe('account_in_use')
    travels.push(travel(2))
    const put = await kvStorage(kv).put(two, telling({}), create)
    expect(put).toMatchObject({ version: expect.any(String) })
  })
})

/** Begins to connect an account, up to the point where the record itself would be written. */
async function startSlowly(
  kv: Kv,
  key: ReturnType<typeof keyOf>,
): Promise<{ goOn(): Promise<unknown> }> {
  const reached = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  const put: Kv['put'] = async (place, value, o) => {
    if (place.group.startsWith('owner~')) {
      reached.resolve()
      await gate.promise
    }
    return kv.put(place, value, o)
  }
  const outcome = kvStorage({ ...kv, put }).put(key, telling({}), create)
  await reached.promise
  return {
    goOn() {
      gate.resolve()
      return outcome
    },
  }
}
