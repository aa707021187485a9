// All tests in all runtimes: `npm test`. The last line is the sum.
import { printSum, type Report, singleReport } from './reports.ts'
import { run } from './run.ts'
import { runBun, runDeno, runVitest, runVitestBeside } from './runners.ts'

/** What the tests of the built bundle take. */
const needed = ['--filter', 'fetch-dance', '--filter', '@fetch-dance/testing']
const built = await run('turbo', ['run', 'build', '--output-logs=errors-only', ...needed])
const reports: Report[] = built === 0 ? [] : [singleReport('build', false)]

reports.push(...(await runVitest(['node', 'node-only', 'edge-runtime', 'types-*'])))
// The browser mostly waits, for tokens to end; Bun and workerd have one test run at a time
const browser = runVitestBeside(['e2e'])
const bun = runBun()
reports.push(...(await runVitest(['workerd'])))
reports.push(...(await runDeno()))
reports.push(...(await bun))
reports.push(...(await runVitest(['built'])))
reports.push(...(await browser))

printSum(reports)
