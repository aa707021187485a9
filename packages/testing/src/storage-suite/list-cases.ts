import { check, checkEqual } from '../assert.ts'
import {
  aKey,
  aRecord,
  type Key,
  listAll,
  mustPut,
  nameOf,
  type StorageCase,
} from './storage-case.ts'

/** What `list` finds: by owner, account, session, due date, or everything; in pages. */
export const listCases: Record<string, StorageCase> = {
  'list() of an empty storage is one empty page': async (storage) => {
    checkEqual(await storage.list({}), { keys: [] }, 'list')
    checkEqual(await storage.list({ owner: 'user:1' }), { keys: [] }, 'list by owner')
  },

  'list() by owner finds all of that owner, in pages, and nobody else': async (storage) => {
    const mine = await putMany(storage, 7, (number) => ({ ...aKey, account: `a${number}` }))
    await mustPut(storage, { ...aKey, owner: 'user:10' }, aRecord('other'))
    await mustPut(storage, { ...aKey, owner: 'app:1' }, aRecord('other'))
    for (const limit of [1, 3, 7, 100]) {
      checkEqual(await listAll(storage, { owner: 'user:1' }, limit), mine, `pages of ${limit}`)
    }
  },

  'list() by account finds its owners at that provider': async (storage) => {
    const found = await putMany(storage, 5, (number) => ({ ...aKey, owner: `browser:${number}` }))
    await mustPut(storage, { ...aKey, provider: 'google' }, aRecord('other'))
    await mustPut(storage, { ...aKey, account: `${aKey.account}0` }, aRecord('other'))
    const { provider, account } = aKey
    for (const limit of [2, 100])
      checkEqual(await listAll(storage, { provider, account }, limit), found, 'found')
  },

  'list() by session finds the connections of that session at that provider': async (storage) => {
    const found = await putMany(
      storage,
      5,
      (number) => ({ ...aKey, owner: `user:${number}` }),
      'session-1',
    )
    await mustPut(storage, { ...aKey, owner: 'user:a' }, aRecord('other', { session: 'session-2' }))
    await mustPut(storage, { ...aKey, owner: 'user:b' }, aRecord('other'))
    await mustPut(
      storage,
      { ...aKey, provider: 'google' },
      aRecord('other', { session: 'session-1' }),
    )
    const query = { provider: 'github', session: 'session-1' }
    for (const limit of [2, 100]) checkEqual(await listAll(storage, query, limit), found, 'found')
  },

  'list() by due date is strict, and leaves out what is never due': async (storage) => {
    for (const dueAt of [100, 199, 200, 201]) {
      await mustPut(storage, { ...aKey, account: `due${dueAt}` }, aRecord('x', { dueAt }))
    }
    await mustPut(storage, aKey, aRecord('never due'))
    const due = ['due100', 'due199'].map((account) => nameOf({ ...aKey, account }))
    for (const limit of [1, 100])
      checkEqual(await listAll(storage, { dueBefore: 200 }, limit), due, 'due')
    checkEqual(await listAll(storage, { dueBefore: 100 }, 10), [], 'due before the first')
  },

  'list() of everything finds every owner and provider': async (storage) => {
    const all = await putMany(storage, 9, (number) => ({
      provider: `p${number % 2}`,
      owner: `user:${number % 3}`,
      account: `a${number}`,
    }))
    for (const limit of [1, 4, 100])
      checkEqual(await listAll(storage, {}, limit), all, `pages of ${limit}`)
  },

  'list() follows a change of session and due date, and a delete': async (storage) => {
    const { provider } = aKey
    await mustPut(storage, aKey, aRecord('one', { session: 'old', dueAt: 100 }))
    await mustPut(storage, aKey, aRecord('two', { session: 'new' }))
    checkEqual(await listAll(storage, { provider, session: 'old' }, 10), [], 'the old session')
    checkEqual(
      await listAll(storage, { provider, session: 'new' }, 10),
      [nameOf(aKey)],
      'the new session',
    )
    checkEqual(await listAll(storage, { dueBefore: 1000 }, 10), [], 'due')
    await storage.delete(aKey)
    checkEqual(await listAll(storage, { provider, session: 'new' }, 10), [], 'after the delete')
    checkEqual(
      await listAll(storage, { provider, account: aKey.account }, 10),
      [],
      'after the delete',
    )
    checkEqual(await listAll(storage, {}, 10), [], 'after the delete')
  },

  'list() goes on where it was, though records come and go between pages': async (storage) => {
    const all = await putMany(storage, 10, (number) => ({ ...aKey, account: `a${number}` }))
    const first = await storage.list({ owner: aKey.owner }, { limit: 4 })
    check(first.after !== undefined, 'the first of three pages leads nowhere')
    for (const key of first.keys) await storage.delete(key)
    const rest = await storage.list({ owner: aKey.owner }, { after: first.after, limit: 100 })
    checkEqual([...first.keys, ...rest.keys].map(nameOf).sort(), all, 'both pages')
  },
}

async function putMany(
  storage: Parameters<StorageCase>[0],
  count: number,
  keyOf: (number: number) => Key,
  session?: string,
): Promise<string[]> {
  const keys = Array.from({ length: count }, (_, number) => keyOf(number))
  for (const key of keys) {
    await mustPut(
      storage,
      key,
      aRecord(`value of ${nameOf(key)}`, session === undefined ? {} : { session }),
    )
  }
  return keys.map(nameOf).sort()
}
