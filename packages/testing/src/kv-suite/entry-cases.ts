import { check, checkEqual } from '../assert.ts'
import { mustThrow, throwAfterwards } from '../contract.ts'
import { aKey, type KvCase, mustPut } from './kv-case.ts'

/** Values that some client parses on the way. */
const hostileValues = [
  '12',
  '0012',
  '1e400',
  '-0',
  '12345678901234567890',
  'null',
  'true',
  '"text"',
  '{"a":1}',
  '{"a": 1 , "a":2}',
  '[1]',
  ' padded ',
  '2026-01-01T00:00:00.000Z',
  "'; drop table tokens; --",
  'Fe26.2*1*a*b*c~',
]

/** What an entry is: written, read, changed, deleted, and versions that are never used twice. */
export const entryCases: Readonly<Record<string, KvCase>> = {
  'get() answers null where nothing was put': async (kv) => {
    checkEqual(await kv.get(aKey), null, 'get')
  },

  'get() answers what was put, with its version': async (kv) => {
    const version = await mustPut(kv, aKey, 'sealed')
    checkEqual(await kv.get(aKey), { value: 'sealed', version }, 'get')
  },

  'put() replaces in any case without ifVersion': async (kv) => {
    const first = await mustPut(kv, aKey, 'one')
    const second = await mustPut(kv, aKey, 'two')
    check(first !== second, 'two writes share a version')
    checkEqual(await kv.get(aKey), { value: 'two', version: second }, 'get')
  },

  'put() with ifVersion null creates, and is a conflict on what exists': async (kv) => {
    const version = await mustPut(kv, aKey, 'one', { ifVersion: null })
    checkEqual(await kv.put(aKey, 'two', { ifVersion: null }), 'conflict', 'put')
    checkEqual(await kv.get(aKey), { value: 'one', version }, 'get')
  },

  'put() with a version writes over that version alone': async (kv) => {
    const first = await mustPut(kv, aKey, 'one')
    const second = await mustPut(kv, aKey, 'two', { ifVersion: first })
    checkEqual(await kv.put(aKey, 'three', { ifVersion: first }), 'conflict', 'put')
    checkEqual(await kv.get(aKey), { value: 'two', version: second }, 'get')
  },

  'put() with a version is a conflict on what is gone or never was': async (kv) => {
    const version = await mustPut(kv, aKey, 'one')
    await kv.delete(aKey)
    checkEqual(await kv.put(aKey, 'two', { ifVersion: version }), 'conflict', 'put')
    checkEqual(await kv.get(aKey), null, 'get')
    const never = { ...aKey, name: 'never' }
    checkEqual(await kv.put(never, 'two', { ifVersion: version }), 'conflict', 'put')
  },

  'a version is never used twice, also after a delete and for the same value': async (kv) => {
    const versions: string[] = []
    for (let round = 0; round < 5; round += 1) {
      versions.push(await mustPut(kv, aKey, 'same'))
      versions.push(await mustPut(kv, aKey, 'same'))
      await kv.delete(aKey)
    }
    checkEqual(new Set(versions).size, 10, 'different versions')
  },

  'delete() answers whether there was something': async (kv) => {
    checkEqual(await kv.delete(aKey), false, 'delete of nothing')
    await mustPut(kv, aKey, 'one')
    checkEqual(await kv.delete(aKey), true, 'delete')
    checkEqual(await kv.delete(aKey), false, 'second delete')
    checkEqual(await kv.get(aKey), null, 'get')
    await mustPut(kv, aKey, 'two', { ifVersion: null })
  },

  'delete() with a version that does not match deletes nothing': async (kv) => {
    const first = await mustPut(kv, aKey, 'one')
    const second = await mustPut(kv, aKey, 'two')
    checkEqual(await kv.delete(aKey, { ifVersion: first }), false, 'delete of an old version')
    checkEqual((await kv.get(aKey))?.value, 'two', 'value')
    checkEqual(await kv.delete(aKey, { ifVersion: second }), true, 'delete')
    checkEqual(await kv.delete(aKey, { ifVersion: second }), false, 'delete of what is gone')
  },

  'after a put or delete that threw, a get tells what happened': async (kv) => {
    const lossy = throwAfterwards(kv)
    await mustThrow(lossy.put(aKey, 'one', { ifVersion: null }))
    checkEqual(await kv.put(aKey, 'again', { ifVersion: null }), 'conflict', 'the same put again')
    const one = await kv.get(aKey)
    checkEqual(one?.value, 'one', 'value')
    await mustThrow(lossy.put(aKey, 'two', { ifVersion: one?.version ?? null }))
    const two = await kv.get(aKey)
    checkEqual(two?.value, 'two', 'value')
    await mustPut(kv, aKey, 'three', { ifVersion: two?.version ?? null })
    await mustThrow(lossy.delete(aKey))
    checkEqual(await kv.get(aKey), null, 'get')
    checkEqual(await kv.delete(aKey), false, 'the same delete again')
  },

  'values come back as they were, whatever they look like': async (kv) => {
    for (const value of hostileValues) {
      await mustPut(kv, aKey, value)
      checkEqual((await kv.get(aKey))?.value, value, 'value')
    }
  },

  'a value of 52 KiB is kept whole: the longest there is, with its key around it': async (kv) => {
    const value = 'Aa0-_*~."'.repeat(6_000).slice(0, 52 * 1024)
    await mustPut(kv, aKey, value)
    const found = await kv.get(aKey)
    checkEqual(found?.value.length, value.length, 'length')
    checkEqual(found?.value === value, true, 'the same')
  },
}
