import { parentPort } from 'node:worker_threads'
import { installClock } from './clock.ts'
import { rows } from './rows.ts'
import { runSchedule } from './schedule.ts'

/** Some schedules of one row over one storage. */
export interface Task {
  readonly row: string
  readonly keeping: string
  readonly firstSeed: number
  readonly schedules: number
}

/** What came of a task. */
export interface Tally {
  readonly task: Task
  readonly tokenCalls: number
  readonly sentTwice: number
  readonly lost: number
  readonly reported: number
  /** Schedules in which something happened that must not. */
  readonly failed: readonly { readonly seed: number; readonly faults: readonly string[] }[]
}

const clock = installClock()

parentPort?.on('message', async (task: Task) => {
  parentPort?.postMessage(await runTask(task))
})

async function runTask(task: Task): Promise<Tally> {
  const row = rows.find(({ name }) => name === task.row)
  if (!row) throw new Error(`Cannot simulate "${task.row}": there is no such row`)
  const sums = { tokenCalls: 0, sentTwice: 0, lost: 0, reported: 0 }
  const failed: { seed: number; faults: readonly string[] }[] = []
  for (let seed = task.firstSeed; seed < task.firstSeed + task.schedules; seed++) {
    const outcome = await runSchedule(clock, row, task.keeping, seed)
    sums.tokenCalls += outcome.tokenCalls
    sums.sentTwice += outcome.sentTwice
    sums.lost += Number(outcome.lost)
    sums.reported += Number(outcome.reported)
    if (outcome.faults.length > 0) failed.push({ seed, faults: outcome.faults })
  }
  return { task, ...sums, failed }
}
