// Prints what twenty parallel requests on four isolates with one expired token do to a connection: `npm run race`.
import { rows } from './rows/index.ts'
import { type Raced, runRow } from './run-row.ts'
import { keepsPromise, type Line, printTable } from './table.ts'

const started: { readonly line: Line; readonly raced?: Raced }[] = []

for (const row of rows) {
  const skipped = row.missing?.() ?? null
  if (skipped !== null) {
    started.push({ line: { row, skipped } })
    continue
  }
  console.log(`${row.name} ...`)
  try {
    started.push({ line: { row }, raced: await runRow(row) })
  } catch (error) {
    started.push({ line: { row, failure: String(error) } })
  }
}

const lines: Line[] = []
for (const { line, raced } of started) {
  lines.push(raced === undefined ? line : { ...line, outcome: await raced.finish() })
}

printTable(lines)
process.exit(lines.every(keepsPromise) ? 0 : 1)
