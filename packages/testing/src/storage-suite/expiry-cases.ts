import { check, checkEqual } from '../assert.ts'
import { thisSecond } from '../contract.ts'
import { aKey, aRecord, listAll, mustPut, type StorageCase } from './storage-case.ts'

/** What `expiresAt` means: to the second, by our clock, whatever the back end's own lifetimes do. */
export const expiryCases: Readonly<Record<string, StorageCase>> = {
  'a record lives until its expiresAt, and not at it': async (storage, { atTime }) => {
    const expiresAt = thisSecond() + 100
    await mustPut(storage, aKey, aRecord('one', { expiresAt }))
    checkEqual(
      (await atTime(expiresAt - 0.001, () => storage.get(aKey)))?.value,
      'one',
      'just before',
    )
    checkEqual(await atTime(expiresAt, () => storage.get(aKey)), null, 'at expiresAt')
    checkEqual(await atTime(expiresAt + 1, () => storage.get(aKey)), null, 'after')
  },

  'a record that expires within a second is taken and kept till then': async (
    storage,
    { atTime },
  ) => {
    const expiresAt = thisSecond() + 100
    await atTime(expiresAt - 1, async () => {
      await mustPut(storage, aKey, aRecord('one', { expiresAt }))
      checkEqual((await storage.get(aKey))?.value, 'one', 'value')
    })
    checkEqual(await atTime(expiresAt, () => storage.get(aKey)), null, 'at expiresAt')
  },

  'a record without expiresAt outlives years': async (storage, { atTime }) => {
    await mustPut(storage, aKey, aRecord('one'))
    const inTenYears = thisSecond() + 10 * 365 * 24 * 3600
    checkEqual((await atTime(inTenYears, () => storage.get(aKey)))?.value, 'one', 'value')
  },

  'put() with ifVersion null creates over an expired record, with a new version': async (
    storage,
    { atTime },
  ) => {
    const expiresAt = thisSecond() + 100
    const old = await mustPut(storage, aKey, aRecord('old', { expiresAt }))
    await atTime(expiresAt, async () => {
      const fresh = await mustPut(storage, aKey, aRecord('new'), { ifVersion: null })
      check(fresh !== old, 'the version of the expired record is used again')
      checkEqual((await storage.get(aKey))?.value, 'new', 'value')
    })
  },

  'an expired record is a conflict for its version and nothing to delete': async (
    storage,
    { atTime },
  ) => {
    const expiresAt = thisSecond() + 100
    const old = await mustPut(storage, aKey, aRecord('old', { expiresAt }))
    await atTime(expiresAt, async () => {
      checkEqual(await storage.put(aKey, aRecord('new'), { ifVersion: old }), 'conflict', 'put')
      checkEqual(await storage.delete(aKey), false, 'delete')
    })
  },

  'a later write takes the expiry away': async (storage, { atTime }) => {
    const expiresAt = thisSecond() + 100
    await mustPut(storage, aKey, aRecord('one', { expiresAt }))
    await mustPut(storage, aKey, aRecord('two'))
    checkEqual((await atTime(expiresAt + 1, () => storage.get(aKey)))?.value, 'two', 'value')
  },

  'an expired record is no longer the one connected last, and not listed': async (
    storage,
    { atTime },
  ) => {
    const expiresAt = thisSecond() + 100
    const { provider, owner } = aKey
    await mustPut(storage, { ...aKey, account: 'old' }, aRecord('old', { connectedAt: 1 }))
    await mustPut(
      storage,
      { ...aKey, account: 'new' },
      aRecord('new', { connectedAt: 2, expiresAt }),
    )
    await atTime(expiresAt, async () => {
      checkEqual((await storage.get({ provider, owner }))?.value, 'old', 'the last')
      checkEqual((await listAll(storage, { owner }, 10)).length, 1, 'keys listed')
    })
  },
}
