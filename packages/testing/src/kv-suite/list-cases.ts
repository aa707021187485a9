import type { Kv } from 'fetch-dance'
import { check, checkEqual } from '../assert.ts'
import { aKey, type KvCase, listAll, mustPut } from './kv-case.ts'

const { group } = aKey

/** What `list` finds: the names of one group in the order of their octets, in pages. */
export const listCases: Readonly<Record<string, KvCase>> = {
  'list() of an empty group is one empty page': async (kv) => {
    checkEqual(await kv.list(group), { names: [] }, 'list')
  },

  'list() finds the names of its group, in pages, and of no other': async (kv) => {
    const names = await putMany(kv, 7)
    for (const other of [`${group}s`, 'own', `${group}:`, `${group}/`, '']) {
      if (other) await mustPut(kv, { group: other, name: 'other' }, 'x')
    }
    for (const limit of [1, 3, 7, 100]) {
      checkEqual(await listAll(kv, group, limit), names, `pages of ${limit}`)
    }
    checkEqual((await kv.list(group)).names, names, 'without a limit')
  },

  'list() keeps the order of octets, in which they were not written': async (kv) => {
    const names = ['a', 'B', '10', '9', 'a-b', 'aa', '_', 'a~', 'Z']
    for (const name of names) await mustPut(kv, { group, name }, 'x')
    const sorted = [...names].sort()
    for (const limit of [2, 100]) {
      checkEqual(await listAll(kv, group, limit), sorted, `pages of ${limit}`)
    }
  },

  'list() finds 250 names, in pages as large as asked for at most': async (kv) => {
    const names = await putMany(kv, 250)
    for (const limit of [40, 1000]) {
      checkEqual(await listAll(kv, group, limit), names, `pages of ${limit}`)
    }
  },

  'list() names a rewritten entry once, and a deleted one no more': async (kv) => {
    await putMany(kv, 3)
    await mustPut(kv, { group, name: 'n001' }, 'again')
    await kv.delete({ group, name: 'n000' })
    checkEqual(await listAll(kv, group, 100), ['n001', 'n002'], 'names')
  },

  'list() goes on where it was, though entries come and go between pages': async (kv) => {
    const all = await putMany(kv, 10)
    const first = await kv.list(group, { limit: 4 })
    check(first.after !== undefined, 'the first of three pages leads nowhere')
    for (const name of first.names) await kv.delete({ group, name })
    await mustPut(kv, { group, name: 'a-new-one-before' }, 'x')
    const rest = await kv.list(group, { after: first.after, limit: 100 })
    checkEqual([...first.names, ...rest.names], all, 'both pages')
  },
}

async function putMany(kv: Kv, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, number) => `n${String(number).padStart(3, '0')}`)
  await Promise.all(names.map((name) => mustPut(kv, { group, name }, `value of ${name}`)))
  return names
}
