import type { TokenStorage } from 'fetch-dance'
import { checkEqual } from '../assert.ts'
import { thisSecond, turnOf } from '../contract.ts'
import { aKey, aRecord, mustPut, type StorageCase } from './storage-case.ts'

const exclusive = { exclusive: true }

/** Who may have the same account: browsers; and different accounts, anybody. */
export const sharingCases: Readonly<Record<string, StorageCase>> = {
  'browsers may share an account, also with a named owner': async (storage) => {
    await mustPut(storage, { ...aKey, owner: 'browser:1' }, aRecord('x'))
    await mustPut(storage, { ...aKey, owner: 'browser:2' }, aRecord('x'), exclusive)
    await mustPut(storage, aKey, aRecord('named'), exclusive)
    await mustPut(storage, { ...aKey, owner: 'browser:3' }, aRecord('x'), exclusive)
    const { provider, account } = aKey
    checkEqual((await storage.list({ provider, account })).keys.length, 4, 'owners')
  },

  'put() takes the same account at another provider, and another account': async (storage) => {
    const owner = 'user:2'
    await mustPut(storage, aKey, aRecord('first'), exclusive)
    await mustPut(storage, { ...aKey, owner, provider: 'google' }, aRecord('x'), exclusive)
    await mustPut(storage, { ...aKey, owner, account: 'other' }, aRecord('x'), exclusive)
  },

  'put() takes the unknown account of many owners': async (storage) => {
    const account = ''
    await mustPut(storage, { ...aKey, account }, aRecord('first'), exclusive)
    await mustPut(storage, { ...aKey, owner: 'user:2', account }, aRecord('second'), exclusive)
  },
}

/** What `exclusive` means: one named owner for an account. */
export const accountCases: Readonly<Record<string, StorageCase>> = {
  'put() refuses another named owner of the account, and nothing moves': async (storage) => {
    await mustPut(storage, aKey, aRecord('first'), exclusive)
    for (const owner of ['user:2', 'app:2', 'app:1', 'user:1 ']) {
      const key = { ...aKey, owner }
      checkEqual(await storage.put(key, aRecord('second'), exclusive), 'account_in_use', owner)
      checkEqual(await storage.get(key), null, owner)
    }
    checkEqual((await storage.get(aKey))?.value, 'first', 'the first')
  },

  'put() that refused an owner is in the way of nobody': async (storage) => {
    await mustPut(storage, aKey, aRecord('first'), exclusive)
    const other = { ...aKey, owner: 'user:2' }
    checkEqual(await storage.put(other, aRecord('x'), exclusive), 'account_in_use', 'put')
    await storage.delete(aKey)
    await mustPut(storage, aKey, aRecord('again'), exclusive)
    checkEqual(await storage.put(other, aRecord('x'), exclusive), 'account_in_use', 'put')
    await storage.delete(aKey)
    await mustPut(storage, other, aRecord('at last'), exclusive)
  },

  'put() lets the same owner write again': async (storage) => {
    const o = { ...exclusive, ifVersion: null }
    const version = await mustPut(storage, aKey, aRecord('first'), o)
    await mustPut(storage, aKey, aRecord('second'), { ...exclusive, ifVersion: version })
    await mustPut(storage, aKey, aRecord('third'), exclusive)
    checkEqual((await storage.get(aKey))?.value, 'third', 'value')
  },

  'an account stays with its owner after a write that does not ask': async (storage) => {
    const ifVersion = await mustPut(storage, aKey, aRecord('first'), exclusive)
    await mustPut(storage, aKey, aRecord('refreshed'), { ifVersion })
    const other = { ...aKey, owner: 'user:2' }
    checkEqual(await storage.put(other, aRecord('x'), exclusive), 'account_in_use', 'put')
    await mustPut(storage, aKey, aRecord('again'), exclusive)
  },

  'an account is free again after a delete': async (storage) => {
    await mustPut(storage, aKey, aRecord('first'), exclusive)
    await storage.delete(aKey)
    await mustPut(storage, { ...aKey, owner: 'user:2' }, aRecord('second'), exclusive)
    checkEqual(await storage.put(aKey, aRecord('third'), exclusive), 'account_in_use', 'put')
  },

  'an account is free again when its record has expired': async (storage, { atTime }) => {
    const expiresAt = thisSecond() + 100
    await mustPut(storage, aKey, aRecord('first', { expiresAt }), exclusive)
    await atTime(expiresAt, () =>
      mustPut(storage, { ...aKey, owner: 'user:2' }, aRecord('x'), exclusive),
    )
  },

  'a conflict is a conflict, whoever holds the account': async (storage) => {
    await mustPut(storage, aKey, aRecord('first'), exclusive)
    const o = { ...exclusive, ifVersion: null }
    checkEqual(await storage.put(aKey, aRecord('second'), o), 'conflict', 'put')
  },

  'of 20 owners who want one account at once, one gets it, and the next once it is free': async (
    _storage,
    { clients },
  ) => {
    for (let round = 0; round < 3; round += 1) {
      const winner = await raceOwners(clients, round)
      await turnOf(clients, round).delete({ ...aKey, owner: winner })
    }
  },

  'of 20 tabs of one owner who connect one account at once, one does, and none is refused it':
    async (storage, { clients }) => {
      const o = { ...exclusive, ifVersion: null }
      const results = await Promise.all(
        twenty.map((tab) => turnOf(clients, tab).put(aKey, aRecord(`tab ${tab}`), o)),
      )
      checkEqual(results.filter((result) => result === 'conflict').length, 19, 'conflicts')
      const winner = results.findIndex((result) => typeof result === 'object')
      checkEqual((await storage.get(aKey))?.value, `tab ${winner}`, 'value')
    },
}

const twenty = /* @__PURE__ */ Array.from({ length: 20 }, (_, number) => number)

async function raceOwners(clients: readonly TokenStorage[], round: number): Promise<string> {
  const owners = twenty.map((number) => `user:${round}.${number}`)
  const o = { ...exclusive, ifVersion: null }
  const results = await Promise.all(
    owners.map((owner, turn) => turnOf(clients, turn).put({ ...aKey, owner }, aRecord(owner), o)),
  )
  checkEqual(results.filter((result) => result === 'account_in_use').length, 19, 'owners refused')
  const winner = owners[results.findIndex((result) => typeof result === 'object')] ?? ''
  const { provider, account } = aKey
  const { keys } = await turnOf(clients, round).list({ provider, account })
  checkEqual(keys, [{ ...aKey, owner: winner }], 'owners of the account')
  return winner
}
