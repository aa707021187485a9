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

/** What `list` finds: by owner, by account, or everything; in pages. */
export const listCases: Readonly<Record<string, StorageCase>> = {
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

  'list() of everything finds every owner and provider': async (storage) => {
    const all = await putMany(storage, 9, (number) => ({
      provider: `p${number % 2}`,
      owner: `user:${number % 3}`,
      account: `a${number}`,
    }))
    for (const limit of [1, 4, 100])
      checkEqual(await listAll(storage, {}, limit), all, `pages of ${limit}`)
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
): Promise<string[]> {
  const keys = Array.from({ length: count }, (_, number) => keyOf(number))
  for (const key of keys) await mustPut(storage, key, aRecord(`value of ${nameOf(key)}`))
  return keys.map(nameOf).sort()
}
