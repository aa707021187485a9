/** What one test runner, or one check, counted. */
export interface Report {
  readonly runner: string
  readonly passed: number
  readonly failed: number
  /** One line per skipped test: its name and the reason. */
  readonly skipped: readonly string[]
}

/** The report of a runner that did not get as far as counting, or of a check, which counts as one. */
export function singleReport(runner: string, ok: boolean): Report {
  return { runner, passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: [] }
}

/** The line of a skipped test; some say in their name why. */
export function skippedLine(name: string, reason?: string): string {
  if (reason === undefined && name.includes('(skipped: ')) return name
  return `${name}: ${reason ?? 'no reason given'}`
}

/** Prints a table, what was skipped and, as the last line, the plain sum; sets the exit code. */
export function printSum(reports: readonly Report[]): void {
  const width = Math.max(...reports.map(({ runner }) => runner.length))
  console.log('')
  for (const { runner, passed, failed } of reports) {
    console.log(`${failed ? '✗' : '✓'} ${runner.padEnd(width)}  ${passed} passed, ${failed} failed`)
  }
  for (const { runner, skipped } of reports) {
    for (const line of skipped) console.log(`skipped in ${runner}: ${line}`)
  }
  const sum = (key: 'passed' | 'failed') => reports.reduce((all, report) => all + report[key], 0)
  if (sum('failed') > 0 || sum('passed') === 0) process.exitCode = 1
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
}
