import type { Tally } from './worker.ts'

const headings = ['storage', 'row', 'schedules', 'token calls', 'sent twice', 'lost', 'reported']

/** Prints what came of the rows as a Markdown table, and below it how to see again what must not be. */
export function printTable(tallies: readonly Tally[]): void {
  const lines = tallies.map(cellsOf)
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...lines.map((line) => line[column]?.length ?? 0)),
  )
  const print = (line: readonly string[]) => {
    const isNumber = (column: number) => column > 1
    const padded = line.map((cell, column) =>
      isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    )
    console.log(`| ${padded.join(' | ')} |`)
  }
  print(headings)
  print(
    widths.map(
      (width, column) => '-'.repeat(width - (column > 1 ? 1 : 0)) + (column > 1 ? ':' : ''),
    ),
  )
  for (const line of lines) print(line)
  for (const { task, failed } of tallies) {
    if (failed.length === 0) continue
    console.log(`\n${task.keeping}, ${task.row}: ${failed.length} schedules failed`)
    for (const { seed, faults } of failed.slice(0, 5)) {
      const again = `npm run simulate -- --storage ${task.keeping} --row ${task.row} --seed ${seed}`
      console.log(`  ${again}: ${[...new Set(faults)].join('; ')}`)
    }
  }
}

function cellsOf({ task, tokenCalls, sentTwice, lost, reported }: Tally): string[] {
  const storage = task.keeping === 'strong' ? 'strong' : `${task.keeping} + coordinator`
  const numbers = [task.schedules, tokenCalls, sentTwice, lost, reported]
  return [storage, task.row, ...numbers.map(String)]
}
