import { check } from './assert.ts'

/** The functions of a test runner: vitest, bun:test, node:test, Jest. */
export interface TestRunner {
  /** The runner's `describe`. */
  readonly describe: (name: string, body: () => void) => unknown
  /** The runner's `test`; what does not apply is skipped by name where it has a `skip`. */
  readonly test: TestFunction & { readonly skip?: TestFunction }
  /**
   * Runs something at another time, in seconds since epoch. Unless given, `Date.now` is replaced meanwhile; where the
   * code under test runs elsewhere, tell it there what time it is.
   */
  readonly atTime?: AtTime
}

type TestFunction = (name: string, body: () => Promise<void>) => unknown

/** Runs something at another time, in seconds since epoch. */
export type AtTime = <T>(seconds: number, run: () => Promise<T>) => Promise<T>

/** One client of an empty store, or several of the same one. */
export type Opened<T> = T | readonly T[]

/** One test of a contract: the first client, all of them, and a clock. */
export type ContractCase<T> = (
  client: T,
  more: { clients: readonly T[]; atTime: AtTime },
) => Promise<void>

/** Tests by name. */
export type Cases<T> = Readonly<Record<string, ContractCase<T>>>

/** Registers the tests of a contract; each opens a store of its own. */
export function registerCases<T>(
  title: string,
  open: () => Opened<T> | Promise<Opened<T>>,
  { describe, test, atTime = replaceNow }: TestRunner,
  cases: Cases<T>,
  skipped: { readonly cases: Cases<T>; readonly reason: string },
): void {
  describe(title, () => {
    for (const [what, run] of Object.entries(cases)) {
      test(what, async () => {
        const opened = await open()
        const clients: readonly T[] = isList(opened) ? opened : [opened]
        const [client] = clients
        if (client === undefined) throw new Error('No client was opened')
        await run(client, { clients, atTime })
      })
    }
    for (const what of Object.keys(skipped.cases)) {
      test.skip?.(`${what} (skipped: ${skipped.reason})`, async () => {})
    }
  })
}

/** The client whose turn it is: the workers of a race are spread over all of them. */
export function turnOf<T>(clients: readonly T[], turn: number): T {
  const client = clients[turn % clients.length]
  if (client === undefined) throw new Error('No client was opened')
  return client
}

/** The same client, save that its puts and deletes throw once they have happened. */
export function throwAfterwards<
  T extends { put(...args: never): Promise<unknown>; delete(...args: never): Promise<unknown> },
>(client: T): Pick<T, 'put' | 'delete'> {
  const thrower =
    <A extends unknown[]>(call: (...args: A) => Promise<unknown>) =>
    async (...args: A): Promise<never> => {
      await call(...args)
      throw new Error('The answer was lost')
    }
  return { put: thrower(client.put.bind(client)), delete: thrower(client.delete.bind(client)) }
}

/** Waits for a call of {@link throwAfterwards}. */
export async function mustThrow(call: Promise<unknown>): Promise<void> {
  const threw = await call.then(
    () => false,
    () => true,
  )
  check(threw, 'the answer that was to be lost has come')
}

/** This time, in whole seconds since epoch. */
export function thisSecond(): number {
  return Math.floor(Date.now() / 1000)
}

async function replaceNow<T>(seconds: number, run: () => Promise<T>): Promise<T> {
  const now = Date.now
  Date.now = () => seconds * 1000
  try {
    return await run()
  } finally {
    Date.now = now
  }
}

// Array.isArray does not narrow a readonly list.
function isList<T>(opened: Opened<T>): opened is readonly T[] {
  return Array.isArray(opened)
}
