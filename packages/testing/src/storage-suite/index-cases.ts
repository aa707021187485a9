import { check, checkEqual } from '../assert.ts'
import { thisSecond } from '../contract.ts'
import {
  aKey,
  aRecord,
  listAll,
  listInOrder,
  mustPut,
  nameOf,
  type StorageCase,
} from './storage-case.ts'

const { provider } = aKey
const dueKey = (dueAt: number) => ({ ...aKey, account: `due${dueAt}` })

/** What `list` by session and due date follows: every change of a record, and nothing that is not there. */
export const indexCases: Readonly<Record<string, StorageCase>> = {
  'list() by due date is strict, and leaves out what is never due': async (storage) => {
    for (const dueAt of [100, 199, 200, 201]) {
      await mustPut(storage, dueKey(dueAt), aRecord('x', { dueAt }))
    }
    await mustPut(storage, aKey, aRecord('never due'))
    const due = [100, 199].map((dueAt) => nameOf(dueKey(dueAt)))
    for (const limit of [1, 2, 100]) {
      checkEqual(await listAll(storage, { dueBefore: 200 }, limit), due, 'due')
    }
    checkEqual(await listAll(storage, { dueBefore: 100 }, 10), [], 'due before the first')
  },

  'list() by due date begins with what is due first': async (storage) => {
    const dates = [1_900_000_000, 50, 1_800_000_000, 9, 1_800_000_001, 700]
    for (const dueAt of dates) await mustPut(storage, dueKey(dueAt), aRecord('x', { dueAt }))
    const sorted = [...dates].sort((a, b) => a - b).map((dueAt) => nameOf(dueKey(dueAt)))
    for (const limit of [1, 4, 100]) {
      const found = await listInOrder(storage, { dueBefore: 2_000_000_000 }, limit)
      checkEqual(found, sorted, `pages of ${limit}`)
    }
  },

  'list() by due date comes to an end, though each page is renewed and due later': async (
    storage,
  ) => {
    const dates = Array.from({ length: 10 }, (_, number) => 100 + number)
    for (const dueAt of dates) await mustPut(storage, dueKey(dueAt), aRecord('x', { dueAt }))
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await storage.list({ dueBefore: 1000 }, { limit: 3, ...(after && { after }) })
      seen.push(...page.keys.map(nameOf))
      for (const key of page.keys) await mustPut(storage, key, aRecord('y', { dueAt: 5000 }))
      after = page.after
      check(seen.length <= dates.length, 'a record is due twice')
    } while (after !== undefined)
    checkEqual(seen, dates.map((dueAt) => nameOf(dueKey(dueAt))).sort(), 'keys')
    checkEqual((await listAll(storage, { dueBefore: 5001 }, 4)).length, 10, 'due later')
  },

  'list() by session finds the connections of that session at that provider': async (storage) => {
    const session = 'session-1'
    const keys = [0, 1, 2, 3, 4].map((number) => ({ ...aKey, owner: `user:${number}` }))
    for (const key of keys) await mustPut(storage, key, aRecord('x', { session }))
    const other = { session: 'session-2' }
    await mustPut(storage, { ...aKey, owner: 'user:a' }, aRecord('other', other))
    await mustPut(storage, { ...aKey, owner: 'user:b' }, aRecord('other'))
    await mustPut(storage, { ...aKey, provider: 'google' }, aRecord('other', { session }))
    for (const limit of [2, 100]) {
      const found = await listAll(storage, { provider, session }, limit)
      checkEqual(found, keys.map(nameOf), `pages of ${limit}`)
    }
  },

  'list() tells sessions apart that look alike': async (storage) => {
    const sessions = ['s', 'S', 's ', 's/1', 's:1', 's?1', 's?2', '__proto__', 'x'.repeat(600)]
    for (const session of sessions) {
      await mustPut(storage, { ...aKey, account: session }, aRecord('x', { session }))
    }
    for (const session of sessions) {
      const found = await listAll(storage, { provider, session }, 10)
      checkEqual(found, [nameOf({ ...aKey, account: session })], session)
    }
  },

  'list() follows a change of session and due date, and a delete': async (storage) => {
    await mustPut(storage, aKey, aRecord('one', { session: 'old', dueAt: 100 }))
    await mustPut(storage, aKey, aRecord('two', { session: 'new' }))
    const mine = [nameOf(aKey)]
    checkEqual(await listAll(storage, { provider, session: 'old' }, 10), [], 'the old session')
    checkEqual(await listAll(storage, { provider, session: 'new' }, 10), mine, 'the new session')
    checkEqual(await listAll(storage, { dueBefore: 1000 }, 10), [], 'due')
    await mustPut(storage, aKey, aRecord('three', { session: 'old', dueAt: 200 }))
    checkEqual(await listAll(storage, { provider, session: 'old' }, 10), mine, 'the old one again')
    checkEqual(await listAll(storage, { dueBefore: 1000 }, 10), mine, 'due again')
    await storage.delete(aKey)
    const { account, owner } = aKey
    const queries = [{ provider, session: 'old' }, { provider, account }, { owner }, {}]
    for (const query of [...queries, { dueBefore: 1000 }]) {
      checkEqual(await listAll(storage, query, 10), [], 'after the delete')
    }
  },

  'list() shows no expired record, and the one that replaces it': async (storage, { atTime }) => {
    const expiresAt = thisSecond() + 100
    const more = { session: 's', dueAt: 100 }
    await mustPut(storage, aKey, aRecord('old', { ...more, expiresAt }))
    const { account, owner } = aKey
    const queries = [{ provider, session: 's' }, { provider, account }, { owner }, {}]
    await atTime(expiresAt, async () => {
      for (const query of [...queries, { dueBefore: 1000 }]) {
        checkEqual(await listAll(storage, query, 10), [], 'expired')
      }
      await mustPut(storage, aKey, aRecord('new', more), { ifVersion: null })
      for (const query of [...queries, { dueBefore: 1000 }]) {
        checkEqual(await listAll(storage, query, 10), [nameOf(aKey)], 'replaced')
      }
    })
  },
}
