// Everything a change has to pass: `npm run check`. The last line is the sum.
import { findFiles } from './files.ts'
import { printSum, type Report, singleReport } from './reports.ts'
import { capture } from './run.ts'
import { runVitest } from './runners.ts'

/** Cheap checks first. The scripts are told by their names. */
const commands: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['format', 'biome', 'format', '.'],
  ['lint', 'biome', 'lint', '--error-on-warnings', '.'],
  ...['walls', 'limits', 'casts', 'types', 'contract', 'snippets', 'sizes', 'packages', 'jsr'].map(
    (name) => [name, 'node', `scripts/check-${name}.ts`] as const,
  ),
]

const reports: Report[] = []
for (const [name, command, ...args] of commands) reports.push(await check(name, command, args))
reports.push(...(await runVitest(['node', 'node-only', 'types-*'])))
const forgotten = findFiles('scripts/check-*.ts').filter((path) => !isNamed(path))
for (const path of forgotten) reports.push(singleReport(`${path} (never run)`, false))

printSum(reports)

async function check(name: string, command: string, args: readonly string[]): Promise<Report> {
  const start = Date.now()
  const { code, output } = await capture(command, args)
  const seconds = ((Date.now() - start) / 1000).toFixed(1)
  console.log(`\n${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)\n${output.trim()}`)
  return singleReport(name, code === 0)
}

function isNamed(path: string): boolean {
  return path.endsWith('-all.ts') || commands.some(([, , script]) => script === path)
}
