import type { TestRunner } from '@fetch-dance/testing'

/** The names of the tests of a suite. */
export interface SuiteResult {
  readonly passed: string[]
  readonly failed: string[]
  readonly skipped: string[]
}

/** Runs a suite by hand. */
export async function runSuite(suite: (runner: TestRunner) => void): Promise<SuiteResult> {
  const tests: [string, () => Promise<void>][] = []
  const result: SuiteResult = { passed: [], failed: [], skipped: [] }
  const register = (name: string, run: () => Promise<void>) => tests.push([name, run])
  const skip = (name: string) => result.skipped.push(name)
  suite({ describe: (_, body) => body(), test: Object.assign(register, { skip }) })
  for (const [name, run] of tests) {
    await run().then(
      () => result.passed.push(name),
      () => result.failed.push(name),
    )
  }
  return result
}
