import { checkEqual } from '../assert.ts'
import { aKey, type KvCase, listAll, mustPut } from './kv-case.ts'

/** Names that some back end takes for another's, or chokes on. */
const hostileNames = [
  'u',
  'U',
  'u ',
  ' u',
  'u/1',
  'u:1',
  'u.1',
  'u?1',
  'u?2',
  'u#1',
  'u%2F1',
  'u%3A1',
  'u\\1',
  'u*',
  'u%',
  'u_',
  'u[1]',
  '{u}',
  'u/',
  '/u',
  'u//1',
  ':',
  '.',
  '..',
  'u/../u',
  "'; drop table tokens; --",
  '__proto__',
  'constructor',
  'toString',
  '1',
  '01',
  '1.0',
  'null',
  '{"a":1}',
  '~',
  /* @__PURE__ */ 'x'.repeat(200),
  /* @__PURE__ */ 'x'.repeat(199).concat('y'),
  /* @__PURE__ */ 'x'.repeat(199).concat('X'),
]

/** Every printable ASCII text of 1 to 200 octets is a name of its own, and so is every group. */
export const nameCases: Readonly<Record<string, KvCase>> = {
  'names that look alike are different names': async (kv) => {
    const { group } = aKey
    for (const name of hostileNames) await mustPut(kv, { group, name }, `of ${name}`)
    for (const name of hostileNames) {
      checkEqual((await kv.get({ group, name }))?.value, `of ${name}`, `value of ${name}`)
    }
    const sorted = [...hostileNames].sort()
    checkEqual(await listAll(kv, group, 10), sorted, 'names')
    await kv.delete({ group, name: 'u' })
    checkEqual((await kv.get({ group, name: 'U' }))?.value, 'of U', 'value of U after the delete')
  },

  'groups that look alike are different groups': async (kv) => {
    const { name } = aKey
    for (const group of hostileNames) await mustPut(kv, { group, name }, `of ${group}`)
    for (const group of hostileNames) {
      checkEqual((await kv.get({ group, name }))?.value, `of ${group}`, `value of ${group}`)
      checkEqual(await listAll(kv, group, 10), [name], `names of ${group}`)
    }
  },

  'a key that could be cut elsewhere is another key': async (kv) => {
    const keys = [':', '/', '.', '~', '-', '_', '%', '#', '?', '|', ' '].flatMap((mark) => [
      { group: `a${mark}b`, name: 'c' },
      { group: 'a', name: `b${mark}c` },
    ])
    for (const key of keys) await mustPut(kv, key, JSON.stringify(key))
    for (const key of keys) {
      checkEqual((await kv.get(key))?.value, JSON.stringify(key), 'value')
      if (key.name === 'c') checkEqual(await listAll(kv, key.group, 10), ['c'], key.group)
    }
  },
}
