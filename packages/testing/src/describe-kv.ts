import type { Kv } from 'fetch-dance'
import { type Cases, type Opened, registerCases, type TestRunner } from './contract.ts'
import { entryCases } from './kv-suite/entry-cases.ts'
import { expiryCases } from './kv-suite/expiry-cases.ts'
import { listCases } from './kv-suite/list-cases.ts'
import { nameCases } from './kv-suite/name-cases.ts'
import { raceCases } from './kv-suite/race-cases.ts'

/** The test runner's functions, and what the store promises. */
export interface KvSuite extends TestRunner {
  /** `true` unless given; a store that is not atomic is spared the races. */
  readonly atomic?: boolean
}

/**
 * The contract of a {@link Kv} as tests: whoever passes can be given to `kvStorage`, and as a coordinator where it is
 * atomic. It brings its own assertions, and moves time by replacing `Date.now` while a test runs.
 *
 * @param name What to call the suite: the store's name.
 * @param open Opens an empty store; called once for every test. A list holds several clients of one store, as several
 * processes have them: they race against each other.
 * @param suite The test runner's functions, and what the store promises.
 * @example
 * ```ts
 * import { describeKv, memoryKv } from '@fetch-dance/testing'
 * import { describe, test } from 'vitest'
 *
 * describeKv('memoryKv', () => memoryKv(), { describe, test })
 * ```
 */
export function describeKv(
  name: string,
  open: () => Opened<Kv> | Promise<Opened<Kv>>,
  { atomic = true, ...runner }: KvSuite,
): void {
  const cases: Cases<Kv> = {
    [`says that it is ${atomic ? '' : 'not '}atomic`]: async (kv) => {
      if (kv.atomic !== atomic) throw new Error(`It says ${kv.atomic}`)
    },
    ...entryCases,
    ...expiryCases,
    ...listCases,
    ...nameCases,
    ...(atomic ? raceCases : {}),
  }
  const skipped = { cases: atomic ? {} : raceCases, reason: 'it is not atomic' }
  registerCases(`${name} keeps the contract of a Kv`, open, runner, cases, skipped)
}
