import { checkEqual } from '../assert.ts'
import { aKey, aRecord, listAll, mustPut, nameOf, type StorageCase } from './storage-case.ts'

/** Ids that some back end takes for another's, or chokes on. */
const hostileIds = [
  'u',
  'U',
  'u ',
  ' u',
  '\u00fc',
  'u\u0308',
  '\u00a0u',
  'u\u0000',
  'u\u0000x',
  'u/1',
  'u:1',
  'u?1',
  'u?2',
  'u#1',
  'u%2F1',
  'u\\1',
  'u*',
  'u%',
  'u_',
  '.',
  '..',
  "'; drop table tokens; --",
  '__proto__',
  'constructor',
  'toString',
  '1',
  '01',
  '1.0',
  'null',
  'true',
  '{"a":1}',
  '\u{1f642}',
  /* @__PURE__ */ 'x'.repeat(600),
  /* @__PURE__ */ 'x'.repeat(599).concat('y'),
]

/** Values that some client parses on the way. */
const hostileValues = [
  '12',
  '0012',
  '1e400',
  '-0',
  'null',
  'true',
  '"text"',
  '{"a":1}',
  '[1]',
  ' padded ',
  'line\nbreak',
  '{"value":"x","expiresAt":1}',
  'Fe26.2*1*a*b*c~',
]

/** What strangers can put into a key or a value: all of it stays apart, and comes back as it was. */
export const hostileCases: Readonly<Record<string, StorageCase>> = {
  'owners that look alike are different owners': async (storage) => {
    for (const id of hostileIds)
      await mustPut(storage, { ...aKey, owner: `user:${id}` }, aRecord(`of ${id}`))
    for (const id of hostileIds) {
      const owner = `user:${id}`
      const found = await storage.get({ provider: aKey.provider, owner })
      checkEqual(found?.value, `of ${id}`, `value of ${owner}`)
      checkEqual(found?.key.owner, owner, 'owner')
      checkEqual(
        await listAll(storage, { owner }, 10),
        [nameOf({ ...aKey, owner })],
        `keys of ${owner}`,
      )
    }
    checkEqual((await listAll(storage, {}, 10)).length, hostileIds.length, 'keys in all')
  },

  'accounts that look alike are different accounts': async (storage) => {
    for (const id of hostileIds)
      await mustPut(storage, { ...aKey, account: id }, aRecord(`of ${id}`))
    for (const account of hostileIds) {
      checkEqual(
        (await storage.get({ ...aKey, account }))?.value,
        `of ${account}`,
        `value of ${account}`,
      )
      const found = await listAll(storage, { provider: aKey.provider, account }, 10)
      checkEqual(found, [nameOf({ ...aKey, account })], `keys of ${account}`)
    }
  },

  'a key that could be cut elsewhere is another key': async (storage) => {
    await mustPut(storage, { provider: 'a', owner: 'user:b:c', account: 'd' }, aRecord('one'))
    await mustPut(storage, { provider: 'a', owner: 'user:b', account: 'c:d' }, aRecord('two'))
    await mustPut(storage, { provider: 'a', owner: 'user:b/c', account: 'd' }, aRecord('three'))
    const value = async (owner: string, account: string) =>
      (await storage.get({ provider: 'a', owner, account }))?.value
    checkEqual(await value('user:b:c', 'd'), 'one', 'the first')
    checkEqual(await value('user:b', 'c:d'), 'two', 'the second')
    checkEqual(await value('user:b/c', 'd'), 'three', 'the third')
  },

  'a delete of one owner leaves those who look alike': async (storage) => {
    for (const id of ['u', 'U', 'u ', 'u/1', 'u:1']) {
      await mustPut(storage, { ...aKey, owner: `user:${id}` }, aRecord(id))
    }
    await storage.delete({ ...aKey, owner: 'user:u' })
    const left = ['U', 'u ', 'u/1', 'u:1']
      .map((id) => nameOf({ ...aKey, owner: `user:${id}` }))
      .sort()
    checkEqual(await listAll(storage, {}, 10), left, 'keys left')
  },

  'values come back as they were, whatever they look like': async (storage) => {
    for (const value of hostileValues) {
      await mustPut(storage, aKey, aRecord(value))
      checkEqual((await storage.get(aKey))?.value, value, 'value')
    }
  },

  'a value of 48 KiB is kept whole': async (storage) => {
    const value = 'Aa0-_*~.'.repeat((48 * 1024) / 8)
    await mustPut(storage, aKey, aRecord(value))
    const found = await storage.get(aKey)
    checkEqual(found?.value.length, value.length, 'length')
    checkEqual(found?.value === value, true, 'the same')
  },
}
