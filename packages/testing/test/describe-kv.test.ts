import { describeKv, memoryKv } from '@fetch-dance/testing'
import type { Kv } from 'fetch-dance'
import { describe, expect, test } from 'vitest'
import {
  broken,
  counting,
  folding,
  foldingText,
  hashing,
  keepingExpiry,
  parsing,
  restarting,
  unsorted,
} from './support/broken-kvs.ts'
import { runSuite } from './support/failures.ts'

/** The names of the tests that a store fails. */
async function failuresOf(open: () => Kv | readonly Kv[]): Promise<string[]> {
  return (await runSuite((runner) => describeKv('broken', open, runner))).failed
}

const mistakes: Record<string, [open: () => Kv | readonly Kv[], finding: RegExp]> = {
  'names whose case is lost': [foldingText((text) => text.toLowerCase()), /names that look alike/],
  'names whose trailing space is lost': [foldingText((text) => text.trimEnd()), /look alike/],
  'names whose / is a :': [foldingText((text) => text.replaceAll('/', ':')), /look alike/],
  'names cut at a ?': [foldingText((text) => text.replace(/\?.*/, '')), /look alike/],
  'names cut at 128 octets': [foldingText((text) => text.slice(0, 128)), /look alike/],
  'groups that do not count': [folding(({ name }) => ({ group: '', name })), /groups/],
  'groups whose case is lost': [
    folding(({ group, name }) => ({ group: group.toLowerCase(), name })),
    /groups that look alike/,
  ],
  'keys joined by a colon': [
    folding(({ group, name }) => ({ group: '', name: `${group}:${name}` })),
    /cut elsewhere/,
  ],
  'a put that ignores ifVersion': [
    broken((kv) => ({ put: (key, value) => kv.put(key, value) })),
    /ifVersion null creates, and is a conflict/,
  ],
  'a put that knows no version but null': [
    broken((kv) => ({
      put: (key, value, o) =>
        kv.put(key, value, o?.ifVersion === null ? { ifVersion: null } : undefined),
    })),
    /over that version alone/,
  ],
  'a put that creates for any version': [
    broken((kv) => ({
      async put(key, value, o = {}) {
        const { ifVersion: _, ...rest } = o
        return (await kv.get(key)) ? kv.put(key, value, o) : kv.put(key, value, rest)
      },
    })),
    /gone or never was/,
  ],
  'a put that looks, waits and writes': [
    () => ({ ...memoryKv({ atomic: false }), atomic: true }),
    /20 workers who create at once/,
  ],
  'a put that is atomic in one process alone': [
    () => [memoryKv(), memoryKv()],
    /20 workers who create at once/,
  ],
  'a delete that ignores the version': [
    broken((kv) => ({ delete: (key) => kv.delete(key) })),
    /does not match deletes nothing/,
  ],
  'a delete that always says yes': [
    broken((kv) => ({
      async delete(key, o) {
        await kv.delete(key, o)
        return true
      },
    })),
    /whether there was something/,
  ],
  'versions that begin anew after a delete': [restarting, /never used twice/],
  'a version made of the value': [hashing, /never used twice/],
  'a put that forgets expiresAt': [
    broken((kv) => ({
      put: (key, value, { expiresAt: _, ...o } = {}) => kv.put(key, value, o),
    })),
    /until its expiresAt/,
  ],
  'an expiry by the back end’s clock, a minute late': [
    broken((kv) => ({
      put: (key, value, { expiresAt, ...o } = {}) =>
        kv.put(key, value, { ...o, ...(expiresAt && { expiresAt: expiresAt + 60 }) }),
    })),
    /until its expiresAt/,
  ],
  'an expiry that a later write keeps': [keepingExpiry, /takes the expiry away/],
  'values read as numbers': [
    parsing((value) => (/^-?[\d.e]+$/.test(value) ? String(Number(value)) : value)),
    /whatever they look like/,
  ],
  'values parsed as JSON': [
    parsing((value) => {
      try {
        return JSON.stringify(JSON.parse(value))
      } catch {
        return value
      }
    }),
    /whatever they look like/,
  ],
  'values cut at 48 KiB': [parsing((value) => value.slice(0, 48 * 1024)), /52 KiB/],
  'a list of one page only': [
    broken((kv) => ({ list: async (...page) => ({ names: (await kv.list(...page)).names }) })),
    /in pages/,
  ],
  'a list without a limit': [
    broken((kv) => ({ list: (group, page) => kv.list(group, { ...page, limit: 10_000 }) })),
    /in pages/,
  ],
  'a list in the order of writing': [unsorted, /order of octets/],
  'a list that counts where it is': [counting, /goes on where it was/],
}

describe('describeKv() finds', () => {
  test('nothing wrong with memoryKv', async () => {
    expect(await failuresOf(() => memoryKv())).toEqual([])
  })

  for (const [mistake, [open, finding]] of Object.entries(mistakes)) {
    test(mistake, async () => {
      expect(await failuresOf(open)).toContainEqual(expect.stringMatching(finding))
    })
  }
})

describe('describeKv()', () => {
  test('lets several clients of one store race', async () => {
    const open = () => {
      const kv = memoryKv()
      return [kv, { ...kv }]
    }
    expect(await failuresOf(open)).toEqual([])
  })

  test('skips the races of a store that is not atomic, by name and with the reason', async () => {
    const open = () => memoryKv({ atomic: false })
    const { passed, failed, skipped } = await runSuite((runner) =>
      describeKv('late', open, { ...runner, atomic: false }),
    )
    expect(failed).toEqual([])
    expect(passed.some((name) => name.includes('20 workers'))).toBe(false)
    expect(skipped).toContain(
      'of 20 workers who create at once, one wins (skipped: it is not atomic)',
    )
  })

  test('does not believe a store that says it is atomic', async () => {
    const { failed } = await runSuite((runner) =>
      describeKv('late', () => memoryKv(), { ...runner, atomic: false }),
    )
    expect(failed).toEqual(['says that it is not atomic'])
  })

  test('moves time the way it is told to', async () => {
    const asked: number[] = []
    await runSuite((runner) =>
      describeKv('elsewhere', () => memoryKv(), {
        ...runner,
        atTime(seconds, run) {
          asked.push(seconds)
          return run()
        },
      }),
    )
    expect(asked.length).toBeGreaterThan(10)
  })
})
