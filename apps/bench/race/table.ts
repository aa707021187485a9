import type { Outcome, Row } from './row.ts'
import { isolates, requests } from './run-row.ts'
import { versionOf } from './version-of.ts'

/** A row with what came of it, or why nothing did. */
export interface Line {
  readonly row: Row
  readonly outcome?: Outcome
  readonly skipped?: string
  readonly failure?: string
}

const headings = ['', 'answered', 'token calls', 'connection afterwards']

/** Whether a row is as it has to be; one that was skipped, or promises nothing, always is. */
export function keepsPromise({ row, outcome, skipped, failure }: Line): boolean {
  if (failure !== undefined) return false
  if (!row.promised || skipped !== undefined || outcome === undefined) return true
  return outcome.answered === requests && outcome.tokenCalls === 1 && outcome.alive
}

/** Prints the lines as a Markdown table, and below it what is wrong. */
export function printTable(lines: readonly Line[]): void {
  const cells = [headings, ...lines.map(cellsOf)]
  const widths = headings.map((_, column) =>
    Math.max(3, ...cells.map((line) => line[column]?.length ?? 0)),
  )
  const print = (line: readonly string[]) => {
    const padded = widths.map((width, column) => (line[column] ?? '').padEnd(width))
    console.log(`| ${padded.join(' | ')} |`)
  }
  const provider = `oidc-provider ${versionOf('oidc-provider')}`
  console.log(`\n${requests} parallel requests on ${isolates} isolates with one expired token`)
  console.log(`${provider}, where a refresh token that is used twice ends the grant\n`)
  print(headings)
  print(widths.map((width) => '-'.repeat(width)))
  for (const line of lines) print(cellsOf(line))
  for (const line of lines.filter((one) => !keepsPromise(one))) {
    const reason = line.failure ?? `not ${requests}/${requests}, 1, alive`
    console.log(`\n${line.row.name}: ${reason}`)
  }
}

function cellsOf({ row, outcome, skipped }: Line): string[] {
  if (skipped !== undefined) return [row.name, `skipped: ${skipped}`]
  if (outcome === undefined) return [row.name, 'failed']
  const { answered, tokenCalls, alive } = outcome
  return [row.name, `${answered}/${requests}`, String(tokenCalls), alive ? 'alive' : 'dead']
}
