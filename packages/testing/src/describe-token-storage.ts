import type { TokenStorage } from 'fetch-dance'
import { type Cases, type Opened, registerCases, type TestRunner } from './contract.ts'
import { accountCases, sharingCases } from './storage-suite/account-cases.ts'
import { expiryCases } from './storage-suite/expiry-cases.ts'
import { hostileCases } from './storage-suite/hostile-cases.ts'
import { indexCases } from './storage-suite/index-cases.ts'
import { listCases } from './storage-suite/list-cases.ts'
import { raceCases } from './storage-suite/race-cases.ts'
import { recordCases } from './storage-suite/record-cases.ts'

/** The test runner's functions, and what the storage promises. */
export interface TokenStorageSuite extends TestRunner {
  /** `strong` unless given; an `eventual` storage is spared what it cannot promise: races and uniqueness. */
  readonly consistency?: 'strong' | 'eventual'
}

/**
 * The contract of a {@link TokenStorage} as tests: whoever passes can be given to `createDance`. It brings its own
 * assertions, and moves time by replacing `Date.now` while a test runs.
 *
 * @param name What to call the suite: the storage's name.
 * @param open Opens an empty storage; called once for every test. A list holds several clients of one store, as several
 * processes have them: they race against each other.
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
  open: () => Opened<TokenStorage> | Promise<Opened<TokenStorage>>,
  { consistency = 'strong', ...runner }: TokenStorageSuite,
): void {
  const strongCases: Cases<TokenStorage> = { ...accountCases, ...raceCases }
  const isStrong = consistency === 'strong'
  const cases: Cases<TokenStorage> = {
    [`says that it is ${consistency}`]: async (storage) => {
      if (storage.consistency !== consistency) throw new Error(`It says ${storage.consistency}`)
    },
    ...recordCases,
    ...expiryCases,
    ...listCases,
    ...indexCases,
    ...hostileCases,
    ...sharingCases,
    ...(isStrong ? strongCases : {}),
  }
  const skipped = { cases: isStrong ? {} : strongCases, reason: `it is ${consistency}` }
  registerCases(`${name} keeps the contract of a TokenStorage`, open, runner, cases, skipped)
}
