import type { TokenStorage } from 'fetch-dance'
import { accountCases } from './storage-suite/account-cases.ts'
import { expiryCases } from './storage-suite/expiry-cases.ts'
import { hostileCases } from './storage-suite/hostile-cases.ts'
import { listCases } from './storage-suite/list-cases.ts'
import { raceCases } from './storage-suite/race-cases.ts'
import { recordCases } from './storage-suite/record-cases.ts'
import type { StorageCase } from './storage-suite/storage-case.ts'

/** The test runner's functions, and what the storage promises. */
export interface TokenStorageSuite {
  /** The runner's `describe`: of vitest, bun:test, node:test, Jest. */
  readonly describe: (name: string, body: () => void) => unknown
  /** The runner's `test`. */
  readonly test: (name: string, body: () => Promise<void>) => unknown
  /** `strong` unless given; an `eventual` storage is spared what it cannot promise: races and uniqueness. */
  readonly consistency?: 'strong' | 'eventual'
}

/**
 * The contract of a {@link TokenStorage} as tests: whoever passes can be given to `createDance`. It brings its own
 * assertions, and moves time by replacing `Date.now` while a test runs.
 *
 * @param name What to call the suite: the storage's name.
 * @param create Makes an empty storage; called once for every test.
 * @param suite The test runner's functions, and what the storage promises.
 * @example
 * ```ts
 * import { describeTokenStorage, memoryStorage } from '@fetch-dance/testing'
 * import { describe, test } from 'vitest'
 *
 * describeTokenStorage('memoryStorage', () => memoryStorage(), { describe, test })
 * ```
 */
export function describeTokenStorage(
  name: string,
  create: () => TokenStorage | Promise<TokenStorage>,
  { describe, test, consistency = 'strong' }: TokenStorageSuite,
): void {
  const cases: Record<string, StorageCase> = {
    [`says that it is ${consistency}`]: async (storage) => {
      if (storage.consistency !== consistency) throw new Error(`It says ${storage.consistency}`)
    },
    ...recordCases,
    ...expiryCases,
    ...listCases,
    ...hostileCases,
    ...(consistency === 'strong' ? { ...accountCases, ...raceCases } : {}),
  }
  describe(`${name} keeps the contract of a TokenStorage`, () => {
    for (const [what, run] of Object.entries(cases)) test(what, async () => run(await create()))
  })
}
