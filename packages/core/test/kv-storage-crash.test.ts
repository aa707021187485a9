import { memoryKv } from '@fetch-dance/testing'
import type { TokenStorage } from 'fetch-dance'
import { kvStorage } from 'fetch-dance/kv-storage'
import { describe, expect, test } from 'vitest'
import { travel } from './support/kit.ts'
import { type LoggingKv, listedAndFound, loggingKv, telling } from './support/kv-doubles.ts'
import { createLife } from './support/mortal.ts'

const key = { provider: 'github', owner: 'user:1', account: 'a' }
const rival = { ...key, owner: 'user:2' }
const keys = [key, rival, { ...key, account: 'b' }]
const first = telling({ session: 'old', dueAt: 100 }, 'the first')
const second = telling({ session: 'new', dueAt: 200 }, 'the second')
const exclusive = { exclusive: true }

interface Act {
  /** What is there before it. */
  readonly before: (storage: TokenStorage) => Promise<unknown>
  /** What dies on the way. */
  readonly act: (storage: TokenStorage) => Promise<unknown>
  /** The values that may stand there after it. */
  readonly values: readonly (string | undefined)[]
}

const nothing = async () => {}
const acts: Record<string, Act> = {
  'a put that creates': {
    before: nothing,
    act: (storage) => storage.put(key, second, { ifVersion: null }),
    values: [undefined, second.value],
  },
  'a put that creates the only record of an account': {
    before: nothing,
    act: (storage) => storage.put(key, second, { ...exclusive, ifVersion: null }),
    values: [undefined, second.value],
  },
  'a put that replaces': {
    before: (storage) => storage.put(key, first),
    act: (storage) => storage.put(key, second),
    values: [first.value, second.value],
  },
  'a put that takes session and due date away': {
    before: (storage) => storage.put(key, first, exclusive),
    act: (storage) => storage.put(key, telling({}, 'the second'), exclusive),
    values: [first.value, telling({}, 'the second').value],
  },
  'a put that is refused the account': {
    before: (storage) => storage.put(rival, first, exclusive),
    act: (storage) => storage.put(key, second, exclusive),
    values: [undefined],
  },
  'a delete': {
    before: (storage) => storage.put(key, first, exclusive),
    act: (storage) => storage.delete(key),
    values: [first.value, undefined],
  },
}

describe('kvStorage() whose isolate dies at any of its calls', () => {
  for (const [what, act] of Object.entries(acts)) {
    for (const when of ['before', 'after'] as const) {
      test(`${what}: ends before or after it, never between; ${when} the call took effect`, async () => {
        let isOver = false
        for (let n = 1; !isOver; n += 1) isOver = await dieAt(n, when, act)
      })
    }
  }
})

/** Lets an isolate die at its n-th call and looks at what is left; true where it lived to the end. */
async function dieAt(
  n: number,
  when: 'before' | 'after',
  { before, act, values }: Act,
): Promise<boolean> {
  const kv = loggingKv(memoryKv())
  const storage = kvStorage(kv)
  await before(storage)
  const life = createLife(n, when)
  const outcome = await Promise.race([act(kvStorage(life.through(kv))), life.over])

  const left = await storage.get(key)
  expect(values).toContain(left?.value)
  const { listed, found } = await listedAndFound(storage, keys)
  expect(listed).toEqual(found)

  const back = travel(3700)
  try {
    await expectNothingInTheWay(storage, kv)
  } finally {
    back()
  }
  return outcome !== 'dead'
}

/** An hour later the account is its owner's, or anybody's, and nothing of the crash stays for good. */
async function expectNothingInTheWay(storage: TokenStorage, kv: LoggingKv): Promise<void> {
  const isHeld = (await storage.get(key)) !== null
  const [owner, other] = isHeld ? [key, rival] : [rival, key]
  const put = await storage.put(owner, second, exclusive)
  expect(put).toMatchObject({ version: expect.any(String) })
  expect(await storage.put(other, second, exclusive)).toBe('account_in_use')
  for (const one of keys) await storage.delete(one)
  await clearLists(storage)
  const groups = new Set(kv.keys.map(({ group }) => group))
  for (const group of groups) {
    // a reservation ends by its expiry
    if (!group.startsWith('reserved~')) expect(await kv.list(group)).toEqual({ names: [] })
  }
}

/** Walks every list, which drops what a crash left there. */
async function clearLists(storage: TokenStorage): Promise<void> {
  const { provider } = key
  const queries = [
    {},
    { dueBefore: 1000 },
    { provider, session: 'old' },
    { provider, session: 'new' },
    { provider, account: 'a' },
  ]
  for (const query of queries) expect(await storage.list(query)).toEqual({ keys: [] })
}
