import { AsyncLocalStorage } from 'node:async_hooks'
import { computations } from './computations.ts'
import type { Random } from './random.ts'

/** What runs: an isolate, or the world around them all. */
export interface Runner {
  /** Milliseconds by which its clock is ahead. */
  readonly offset: number
  /** Nothing of it runs any more. */
  isDead: boolean
}

/** A clock that stands still while anything can run, and then jumps to what comes next. */
export interface Clock {
  /** The true time, in milliseconds since epoch, whatever an isolate's clock says. */
  now(): number
  sleep(milliseconds: number): Promise<void>
  /** Does some work as this runner: its timers and what it waits for end when it dies. */
  as<T>(runner: Runner, work: () => T): T
  /** Lets time pass until the work is done, in an order that only the random numbers decide. */
  drive<T>(random: Random, work: () => Promise<T>): Promise<T>
}

/** Something that goes on later, unless its runner has died by then. */
interface Waiting {
  readonly runner: Runner
  /** When, in milliseconds since epoch. */
  readonly time: number
  go(): void
}

/** The world is never wrong about the time, and never dies. */
export const world: Runner = { offset: 0, isDead: false }

const epoch = Date.UTC(2030, 0)
const realImmediate = setImmediate

/**
 * Puts a virtual clock in the place of this process's, chance that comes again in the place of true chance, and lets
 * Web Crypto answer in an order that this chance decides. What else Node does on its own is awaited before time goes on.
 */
export function installClock(): Clock {
  const running = new AsyncLocalStorage<Runner>()
  const runner = () => running.getStore() ?? world
  let now = epoch
  let timers: Waiting[] = []
  let computing: Waiting[] = []
  let random: Random | undefined

  const start = (go: () => void, milliseconds = 0): Waiting => {
    const timer = { runner: runner(), time: now + Math.max(1, milliseconds), go }
    const earlier = timers.findLastIndex(({ time }) => time <= timer.time)
    timers.splice(earlier + 1, 0, timer)
    return timer
  }
  const stop = (timer: Waiting | undefined) => {
    timers = timers.filter((one) => one !== timer)
  }
  const compute = (computation: () => unknown) =>
    new Promise((resolve, reject) => {
      const go = () => {
        try {
          resolve(computation())
        } catch (error) {
          reject(error)
        }
      }
      computing.push({ runner: runner(), time: now, go })
    })
  /** Lets go on what was computed, else what waits for the next moment. */
  const step = () => {
    const next = random?.shuffle(computing) ?? []
    computing = []
    if (next.length === 0) next.push(...timers.splice(0, 1))
    for (const { runner, time, go } of next) {
      now = time
      if (!runner.isDead) running.run(runner, go)
    }
    return next.length > 0
  }

  Date.now = () => Math.floor(now + runner().offset)
  replace(globalThis, 'setTimeout', start)
  replace(globalThis, 'clearTimeout', stop)
  replace(crypto, 'getRandomValues', (numbers: Uint8Array | Uint32Array) => {
    for (const index of numbers.keys()) numbers[index] = (random?.next() ?? 0) * 2 ** 32
    return numbers
  })
  for (const [name, computation] of Object.entries(computations)) {
    replace(crypto.subtle, name, (...args: never[]) => compute(() => computation(...args)))
  }

  return {
    now: () => now,
    sleep: (milliseconds) => new Promise((resolve) => void start(resolve, milliseconds)),
    as: (one, work) => running.run(one, work),
    async drive(numbers, work) {
      random = numbers
      now = epoch
      timers = []
      computing = []
      let isOver = false
      const outcome = running.run(world, work).finally(() => {
        isOver = true
      })
      outcome.catch(() => {}) // it is for whoever asked
      while (!isOver) {
        await idle()
        if (!isOver && !step()) throw new Error('Cannot go on: nothing will ever come')
      }
      return outcome
    },
  }
}

/** Waits until Node has nothing left to do at once: promises, and what streams and blobs do in turns of the loop. */
async function idle(): Promise<void> {
  do await new Promise((resolve) => void realImmediate(resolve))
  while (process.getActiveResourcesInfo().includes('Immediate'))
}

function replace(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true })
}
