import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { neutralTests } from './files.ts'
import { type Report, singleReport, skippedLine } from './reports.ts'
import { capture, run } from './run.ts'

/** Runs projects of vitest.workspace.ts in Node; one report each. */
export function runVitest(projects: readonly string[]): Promise<Report[]> {
  return withReportFile(projects.join(', '), async (file) => {
    const code = await run('vitest', vitestArguments(projects), { env: { TEST_REPORT: file } })
    return { code, reports: parseReports(readFileSync(file, 'utf8')) }
  })
}

/** Runs projects beside other runners: what they print comes in one piece, at their end. */
export function runVitestBeside(projects: readonly string[]): Promise<Report[]> {
  return withReportFile(projects.join(', '), async (file) => {
    const options = { env: { TEST_REPORT: file } }
    const { code, output } = await capture('vitest', vitestArguments(projects), options)
    console.log(output)
    return { code, reports: parseReports(readFileSync(file, 'utf8')) }
  })
}

/** Runs the suite of all runtimes and Deno's own tests inside Deno, under vitest. */
export function runDeno(): Promise<Report[]> {
  const deno = ['run', '-A', '--unstable-kv', '--node-modules-dir=manual', 'npm:vitest']
  return withReportFile('deno', async (file) => {
    const code = await run('deno', [...deno, ...vitestArguments(['node', 'deno-only'])], {
      env: { TEST_REPORT: file, DENO_NO_UPDATE_CHECK: '1' },
    })
    const reports = parseReports(readFileSync(file, 'utf8'))
    const named = reports.map((report) => ({
      ...report,
      runner: report.runner === 'node' ? 'deno' : report.runner,
    }))
    return { code, reports: named }
  })
}

/** Runs the suite of all runtimes inside Bun, under bun:test; what it prints comes in one piece, at its end. */
export function runBun(): Promise<Report[]> {
  return withReportFile('bun', async (file) => {
    const files = neutralTests().map((path) => `./${path}`)
    const report = ['--reporter=junit', `--reporter-outfile=${file}`]
    const options = { env: { DO_NOT_TRACK: '1' } }
    const { code, output } = await capture('bun', ['test', ...report, ...files], options)
    console.log(output)
    return { code, reports: [junitReport('bun', readFileSync(file, 'utf8'))] }
  })
}

function vitestArguments(projects: readonly string[]): string[] {
  const named = projects.flatMap((name) => ['--project', name])
  return ['run', '--config', 'vitest.workspace.ts', ...named]
}

/** A runner that crashes, fails without a failed test or runs nothing counts as one failure. */
async function withReportFile(
  name: string,
  body: (file: string) => Promise<{ code: number; reports: Report[] }>,
): Promise<Report[]> {
  const folder = await mkdtemp(join(tmpdir(), 'fetch-dance-report-'))
  try {
    const { code, reports } = await body(join(folder, 'report'))
    const idle = reports.filter((report) => report.passed + report.failed === 0)
    const counted = reports.some((report) => report.failed > 0)
    if (reports.length > 0 && idle.length === 0 && (code === 0 || counted)) return reports
    const reason = code === 0 ? 'ran nothing' : `ended with exit code ${code}`
    return [...reports, singleReport(`${name} (${reason})`, false)]
  } catch (error) {
    console.error(error)
    return [singleReport(`${name} (wrote no report)`, false)]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function parseReports(text: string): Report[] {
  const reports: Report[] = JSON.parse(text)
  return reports
}

function junitReport(runner: string, xml: string): Report {
  const [, head = ''] = /<testsuites ([^>]*)>/.exec(xml) ?? []
  const count = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(head)?.[1] ?? 0)
  const skipped = [...xml.matchAll(/<testcase name="([^"]*)"[^>]*>\s*<skipped/g)]
  const failed = count('failures') + count('errors')
  return {
    runner,
    passed: count('tests') - failed - count('skipped'),
    failed,
    skipped: skipped.map(([, name = '']) => skippedLine(name)),
  }
}
