import { checkEqual } from '../assert.ts'
import { aKey, aRecord, atTime, mustPut, type StorageCase, thisSecond } from './storage-case.ts'

const exclusive = { exclusive: true }

/** What `exclusive` means: one named owner for an account. */
export const accountCases: Record<string, StorageCase> = {
  'put() refuses another named owner of the account, and nothing moves': async (storage) => {
    await mustPut(storage, aKey, aRecord('first'), exclusive)
    for (const owner of ['user:2', 'app:2', 'app:1']) {
      checkEqual(
        await storage.put({ ...aKey, owner }, aRecord('second'), exclusive),
        'account_in_use',
        owner,
      )
      checkEqual(await storage.get({ ...aKey, owner }), null, owner)
    }
    checkEqual((await storage.get(aKey))?.value, 'first', 'the first')
  },

  'put() lets the same owner write again': async (storage) => {
    const version = await mustPut(storage, aKey, aRecord('first'), {
      ...exclusive,
      ifVersion: null,
    })
    await mustPut(storage, aKey, aRecord('second'), { ...exclusive, ifVersion: version })
    await mustPut(storage, aKey, aRecord('third'), exclusive)
    checkEqual((await storage.get(aKey))?.value, 'third', 'value')
  },

  'put() takes the same account at another provider, and another account': async (storage) => {
    await mustPut(storage, aKey, aRecord('first'), exclusive)
    await mustPut(
      storage,
      { ...aKey, owner: 'user:2', provider: 'google' },
      aRecord('x'),
      exclusive,
    )
    await mustPut(storage, { ...aKey, owner: 'user:2', account: 'other' }, aRecord('x'), exclusive)
  },

  'an account is free again after a delete': async (storage) => {
    await mustPut(storage, aKey, aRecord('first'), exclusive)
    await storage.delete(aKey)
    await mustPut(storage, { ...aKey, owner: 'user:2' }, aRecord('second'), exclusive)
    checkEqual(await storage.put(aKey, aRecord('third'), exclusive), 'account_in_use', 'put')
  },

  'an account is free again when its record has expired': async (storage) => {
    const expiresAt = thisSecond() + 100
    await mustPut(storage, aKey, aRecord('first', { expiresAt }), exclusive)
    await atTime(expiresAt, () =>
      mustPut(storage, { ...aKey, owner: 'user:2' }, aRecord('x'), exclusive),
    )
  },

  'browsers may share an account, also with a named owner': async (storage) => {
    await mustPut(storage, { ...aKey, owner: 'browser:1' }, aRecord('x'))
    await mustPut(storage, { ...aKey, owner: 'browser:2' }, aRecord('x'))
    await mustPut(storage, aKey, aRecord('named'), exclusive)
    await mustPut(storage, { ...aKey, owner: 'browser:3' }, aRecord('x'))
  },

  'a conflict is a conflict, whoever holds the account': async (storage) => {
    await mustPut(storage, aKey, aRecord('first'), exclusive)
    const o = { ...exclusive, ifVersion: null }
    checkEqual(await storage.put(aKey, aRecord('second'), o), 'conflict', 'put')
  },

  'of 20 owners who want one account at once, one gets it': async (storage) => {
    const owners = Array.from({ length: 20 }, (_, number) => `user:${number}`)
    const results = await Promise.all(
      owners.map((owner) =>
        storage.put({ ...aKey, owner }, aRecord(owner), { ...exclusive, ifVersion: null }),
      ),
    )
    const refused = results.filter((result) => result === 'account_in_use')
    checkEqual(refused.length, 19, 'owners refused')
    const { provider, account } = aKey
    const { keys } = await storage.list({ provider, account })
    checkEqual(keys.length, 1, 'owners of the account')
    const winner = owners[results.findIndex((result) => typeof result === 'object')]
    checkEqual(keys[0]?.owner, winner, 'the owner')
  },
}
