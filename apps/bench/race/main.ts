// Prints what twenty parallel requests on four isolates with one expired token do to a connection: `npm run race`,
// or `npm run race -- Redis D1` for some of the rows.
import { rows } from './rows/index.ts'
import { type Raced, runRow } from './run-row.ts'
import { keepsPromise, type Line, printTable } from './table.ts'

const names = process.argv.slice(2)
const chosen = rows.filter(({ name }) => names.length === 0 || names.includes(name))
const unknown = names.filter((name) => !rows.some((row) => row.name === name))
if (unknown.length > 0) throw new Error(`Cannot run "${unknown.join('", "')}": no such row`)

const started: { readonly line: Line; readonly raced?: Raced }[] = []

for (const row of chosen) {
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
