// Prints what becomes of refresh tokens in many thousand schedules of the engine: `npm run simulate`.
//   --schedules N            schedules a row, 1,000 unless given
//   --storage S              "strong" unless given; "eventual" and "cookies" stand beside a coordinator
//   --row R                  only this one
//   --seed N                 the first seed; with a row, that one schedule, told line by line
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { installClock } from './clock.ts'
import { keepings } from './keepings.ts'
import { rows } from './rows.ts'
import { runSchedule } from './schedule.ts'
import { printTable } from './table.ts'
import type { Tally, Task } from './worker.ts'

const text = { type: 'string' } as const
const { values } = parseArgs({
  options: { schedules: text, storage: text, row: text, seed: text },
})
const chosenRows = rows.filter(({ name }) => (values.row ?? name) === name)
const storage = values.storage ?? 'strong'
const chosenKeepings = Object.keys(keepings).filter((name) => name === storage)
if (chosenRows.length * chosenKeepings.length === 0) {
  const names = rows.map(({ name }) => name).join(', ')
  const storages = Object.keys(keepings).join(', ')
  console.error(`Cannot simulate this: the rows are ${names}, the storages ${storages}`)
  process.exit(1)
}
process.exitCode = (await (values.row && values.seed ? replay(Number(values.seed)) : simulate()))
  ? 0
  : 1

/** Tells one schedule line by line; whether all was as it has to be. */
async function replay(seed: number): Promise<boolean> {
  const [row] = chosenRows
  const [keeping] = chosenKeepings
  if (!row || !keeping) return false
  const outcome = await runSchedule(installClock(), row, keeping, seed, console.log)
  console.log(outcome)
  return outcome.faults.length === 0
}

async function simulate(): Promise<boolean> {
  const schedules = Number(values.schedules ?? 1000)
  const firstSeed = Number(values.seed ?? 1)
  const tasks = chosenKeepings.flatMap((keeping) =>
    chosenRows.map(({ name }) => ({ row: name, keeping, firstSeed, schedules })),
  )
  const tallies = await runAll(tasks)
  printTable(tallies)
  return tallies.every(({ failed }) => failed.length === 0)
}

/** Runs the tasks, as many at once as there are processors, and tells when one is done. */
async function runAll(tasks: readonly Task[]): Promise<Tally[]> {
  const left = [...tasks]
  const tallies: Tally[] = []
  const work = async () => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url))
    for (let task = left.shift(); task; task = left.shift()) {
      const done = Promise.withResolvers<Tally>()
      worker.removeAllListeners()
      worker.once('message', done.resolve).once('error', done.reject).postMessage(task)
      tallies.push(await done.promise)
      console.log(`${tallies.length} of ${tasks.length}: ${task.keeping}, ${task.row}`)
    }
    await worker.terminate()
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return tasks.flatMap((task) => tallies.filter((tally) => isSame(tally.task, task)))
}

function isSame(a: Task, b: Task): boolean {
  return a.row === b.row && a.keeping === b.keeping
}
