import { check, checkEqual } from '../assert.ts'
import { mustThrow, throwAfterwards } from '../contract.ts'
import { aKey, aRecord, mustPut, type StorageCase } from './storage-case.ts'

/** What a record is: written, read, changed, deleted, and versions that are never used twice. */
export const recordCases: Readonly<Record<string, StorageCase>> = {
  'get() answers null where nothing was put': async (storage) => {
    checkEqual(await storage.get(aKey), null, 'get')
    checkEqual(
      await storage.get({ provider: 'github', owner: 'user:1' }),
      null,
      'get without account',
    )
  },

  'get() answers what was put, with its key and version': async (storage) => {
    const version = await mustPut(storage, aKey, aRecord('sealed'))
    checkEqual(await storage.get(aKey), { key: aKey, value: 'sealed', version }, 'get')
    checkEqual(
      await storage.get(aKey, { fresh: true }),
      { key: aKey, value: 'sealed', version },
      'fresh get',
    )
  },

  'get() without an account answers the one connected last': async (storage) => {
    const { provider, owner } = aKey
    await mustPut(storage, { ...aKey, account: 'a' }, aRecord('a', { connectedAt: 10 }))
    await mustPut(storage, { ...aKey, account: 'b' }, aRecord('b', { connectedAt: 30 }))
    await mustPut(storage, { ...aKey, account: 'c' }, aRecord('c', { connectedAt: 20 }))
    checkEqual((await storage.get({ provider, owner }))?.value, 'b', 'the last')
    await storage.delete({ ...aKey, account: 'b' })
    checkEqual((await storage.get({ provider, owner }))?.value, 'c', 'the last after a delete')
  },

  'get() without an account keeps to its provider, and follows a new login': async (storage) => {
    const { provider, owner } = aKey
    const last = async () => (await storage.get({ provider, owner }))?.key.account
    await mustPut(storage, { ...aKey, account: 'a' }, aRecord('x', { connectedAt: 10 }))
    await mustPut(storage, { ...aKey, account: 'b' }, aRecord('x', { connectedAt: 20 }))
    const later = aRecord('x', { connectedAt: 90 })
    await mustPut(storage, { provider: 'git', owner, account: 'c' }, later)
    await mustPut(storage, { provider: 'github-2', owner, account: 'd' }, later)
    checkEqual(await last(), 'b', 'the last')
    await mustPut(storage, { ...aKey, account: 'a' }, aRecord('x', { connectedAt: 30 }))
    checkEqual(await last(), 'a', 'the last after a new login')
  },

  'get() with the account "" is about that record alone': async (storage) => {
    await mustPut(storage, aKey, aRecord('named'))
    checkEqual(await storage.get({ ...aKey, account: '' }), null, 'get')
    await mustPut(storage, { ...aKey, account: '' }, aRecord('unnamed', { connectedAt: 1 }))
    checkEqual((await storage.get({ ...aKey, account: '' }))?.value, 'unnamed', 'get')
  },

  'put() replaces in any case without ifVersion': async (storage) => {
    const first = await mustPut(storage, aKey, aRecord('one'))
    const second = await mustPut(storage, aKey, aRecord('two'))
    check(first !== second, 'two writes share a version')
    checkEqual((await storage.get(aKey))?.value, 'two', 'value')
  },

  'put() with ifVersion null creates, and is a conflict on what exists': async (storage) => {
    await mustPut(storage, aKey, aRecord('one'), { ifVersion: null })
    checkEqual(await storage.put(aKey, aRecord('two'), { ifVersion: null }), 'conflict', 'put')
    checkEqual((await storage.get(aKey))?.value, 'one', 'value')
  },

  'put() with a version writes over that version alone': async (storage) => {
    const first = await mustPut(storage, aKey, aRecord('one'))
    const second = await mustPut(storage, aKey, aRecord('two'), { ifVersion: first })
    checkEqual(await storage.put(aKey, aRecord('three'), { ifVersion: first }), 'conflict', 'put')
    checkEqual(await storage.get(aKey), { key: aKey, value: 'two', version: second }, 'get')
  },

  'put() with a version is a conflict on what is gone or never was': async (storage) => {
    const version = await mustPut(storage, aKey, aRecord('one'))
    await storage.delete(aKey)
    checkEqual(await storage.put(aKey, aRecord('two'), { ifVersion: version }), 'conflict', 'put')
    checkEqual(await storage.get(aKey), null, 'get')
    const never = { ...aKey, account: 'never' }
    checkEqual(await storage.put(never, aRecord('two'), { ifVersion: 'v1' }), 'conflict', 'put')
  },

  'a version is never used twice, also after a delete and for the same value': async (storage) => {
    const versions: string[] = []
    for (let round = 0; round < 5; round += 1) {
      versions.push(await mustPut(storage, aKey, aRecord('same')))
      versions.push(await mustPut(storage, aKey, aRecord('same')))
      await storage.delete(aKey)
    }
    checkEqual(new Set(versions).size, 10, 'different versions')
  },

  'delete() answers whether there was something': async (storage) => {
    checkEqual(await storage.delete(aKey), false, 'delete of nothing')
    await mustPut(storage, aKey, aRecord('one'))
    checkEqual(await storage.delete(aKey), true, 'delete')
    checkEqual(await storage.delete(aKey), false, 'second delete')
    checkEqual(await storage.get(aKey), null, 'get')
  },

  'delete() with a version that does not match deletes nothing': async (storage) => {
    const first = await mustPut(storage, aKey, aRecord('one'))
    const second = await mustPut(storage, aKey, aRecord('two'))
    checkEqual(await storage.delete(aKey, { ifVersion: first }), false, 'delete of an old version')
    checkEqual((await storage.get(aKey))?.value, 'two', 'value')
    checkEqual(await storage.delete(aKey, { ifVersion: second }), true, 'delete')
  },

  'after a put or delete that threw, a get tells what happened': async (storage) => {
    const lossy = throwAfterwards(storage)
    await mustThrow(lossy.put(aKey, aRecord('one'), { ifVersion: null }))
    const again = await storage.put(aKey, aRecord('again'), { ifVersion: null })
    checkEqual(again, 'conflict', 'the same put again')
    const one = await storage.get(aKey, { fresh: true })
    checkEqual(one?.value, 'one', 'value')
    await mustThrow(lossy.put(aKey, aRecord('two'), { ifVersion: one?.version ?? null }))
    const two = await storage.get(aKey, { fresh: true })
    checkEqual(two?.value, 'two', 'value')
    await mustPut(storage, aKey, aRecord('three'), { ifVersion: two?.version ?? null })
    await mustThrow(lossy.delete(aKey))
    checkEqual(await storage.get(aKey, { fresh: true }), null, 'get')
    checkEqual(await storage.delete(aKey), false, 'the same delete again')
  },

  'a record that is changed after the put is kept as it was': async (storage) => {
    const key = { ...aKey }
    const record = aRecord('one')
    await mustPut(storage, key, record)
    record.value = 'changed'
    key.account = 'changed'
    checkEqual((await storage.get(aKey))?.value, 'one', 'value')
  },
}
