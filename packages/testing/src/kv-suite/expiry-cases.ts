import { check, checkEqual } from '../assert.ts'
import { thisSecond } from '../contract.ts'
import { aKey, type KvCase, mustPut } from './kv-case.ts'

/** What `expiresAt` means: to the second, by our clock, whatever the back end's own lifetimes do. */
export const expiryCases: Readonly<Record<string, KvCase>> = {
  'an entry lives until its expiresAt, and not at it': async (kv, { atTime }) => {
    const expiresAt = thisSecond() + 100
    await mustPut(kv, aKey, 'one', { expiresAt })
    const before = await atTime(expiresAt - 0.001, () => kv.get(aKey))
    checkEqual(before?.value, 'one', 'just before')
    checkEqual(await atTime(expiresAt, () => kv.get(aKey)), null, 'at expiresAt')
    checkEqual(await atTime(expiresAt + 1, () => kv.get(aKey)), null, 'after')
  },

  'an entry that expires within a second is taken and kept till then': async (kv, { atTime }) => {
    const expiresAt = thisSecond() + 100
    await atTime(expiresAt - 1, async () => {
      await mustPut(kv, aKey, 'one', { expiresAt })
      checkEqual((await kv.get(aKey))?.value, 'one', 'value')
    })
    checkEqual(await atTime(expiresAt, () => kv.get(aKey)), null, 'at expiresAt')
  },

  'an entry without expiresAt outlives years': async (kv, { atTime }) => {
    await mustPut(kv, aKey, 'one')
    const inTenYears = thisSecond() + 10 * 365 * 24 * 3600
    checkEqual((await atTime(inTenYears, () => kv.get(aKey)))?.value, 'one', 'value')
  },

  'put() with ifVersion null creates over an expired entry, with a new version': async (
    kv,
    { atTime },
  ) => {
    const expiresAt = thisSecond() + 100
    const old = await mustPut(kv, aKey, 'old', { expiresAt })
    await atTime(expiresAt, async () => {
      const fresh = await mustPut(kv, aKey, 'new', { ifVersion: null })
      check(fresh !== old, 'the version of the expired entry is used again')
      checkEqual(await kv.get(aKey), { value: 'new', version: fresh }, 'get')
    })
  },

  'an expired entry is a conflict for its version and nothing to delete': async (
    kv,
    { atTime },
  ) => {
    const expiresAt = thisSecond() + 100
    const old = await mustPut(kv, aKey, 'old', { expiresAt })
    await atTime(expiresAt, async () => {
      checkEqual(await kv.put(aKey, 'new', { ifVersion: old }), 'conflict', 'put')
      checkEqual(await kv.delete(aKey, { ifVersion: old }), false, 'delete of the version')
      checkEqual(await kv.delete(aKey), false, 'delete')
    })
  },

  'a later write takes the expiry away, or sets another': async (kv, { atTime }) => {
    const expiresAt = thisSecond() + 100
    await mustPut(kv, aKey, 'one', { expiresAt })
    const ifVersion = await mustPut(kv, aKey, 'two')
    checkEqual((await atTime(expiresAt + 1, () => kv.get(aKey)))?.value, 'two', 'value')
    await mustPut(kv, aKey, 'three', { ifVersion, expiresAt: expiresAt + 50 })
    checkEqual((await atTime(expiresAt + 1, () => kv.get(aKey)))?.value, 'three', 'value')
    checkEqual(await atTime(expiresAt + 50, () => kv.get(aKey)), null, 'at the later expiresAt')
  },
}
