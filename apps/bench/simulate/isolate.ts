import { createDance, type Dance } from 'fetch-dance'
import { type Runner, world } from './clock.ts'
import type { Back } from './keepings.ts'
import type { Simulation } from './simulation.ts'

/** One process of the app: a dance with a memory of its own. */
export interface Isolate extends Runner {
  readonly name: string
  readonly dance: Dance
  /** Settles when it dies. */
  readonly death: Promise<void>
  die(): void
}

/** The origin of the app. */
export const origin = 'https://app.test'

/** Starts an isolate; its clock is wrong by as much as the row says at most. */
export function startIsolate(simulation: Simulation, back: Back, name: string): Isolate {
  const { random, row, provider, clock, log } = simulation
  const { promise: death, resolve } = Promise.withResolvers<void>()
  const runner: Runner & Pick<Isolate, 'name' | 'death' | 'die'> = {
    name,
    offset: random.between(-1, 1) * (row.skew ?? 0),
    isDead: false,
    death,
    die() {
      runner.isDead = true
      log(name, 'dies')
      resolve()
    },
  }
  const through: Through = (target, takes) => {
    const entries = Object.entries(target).map(([member, value]) => {
      const isCall = typeof value === 'function'
      return [member, isCall ? outward(simulation, runner, member, value, takes) : value]
    })
    return Object.fromEntries(entries) as typeof target // every method with the signature it had
  }
  const { fetch } = through({ fetch: provider.fetchFor(runner) }, () => provider.latency())
  const dance = clock.as(world, () =>
    createDance({
      providers: { fake: provider.preset() },
      secret: 'hZ3v1mWq0sJt8yLk5dXcB2nRfPg7aUeTiOoV9wMxSjY',
      origin,
      owner: () => 'ada',
      storage: back(through, name),
      fetch,
      logger: { log: () => {} },
    }),
  )
  // the runner itself, not a copy: what it waits for asks whether it is dead
  return Object.assign(runner, { dance })
}

/** Lets the methods of something outside of an isolate take their time, in milliseconds, and the isolate die of them. */
export type Through = <T extends object>(target: T, takes: () => number) => T

function outward(
  simulation: Simulation,
  isolate: Pick<Isolate, 'name' | 'isDead' | 'die'>,
  name: string,
  call: (...args: unknown[]) => Promise<unknown>,
  takes: () => number,
) {
  const { clock, random, row, log } = simulation
  return async (...args: unknown[]): Promise<unknown> => {
    const never = new Promise(() => {})
    if (isolate.isDead) return never
    const isLast = simulation.isTroubled && random.chance(row.crashes ?? 0)
    if (isLast) isolate.die()
    if (isLast && random.chance(0.5)) return never
    // what has left an isolate goes on without it
    const answer = clock.as(world, async () => {
      await clock.sleep(takes() / 2)
      try {
        return await call(...args)
      } finally {
        await clock.sleep(takes() / 2)
      }
    })
    const said = answer.then(
      (value) => (value === 'conflict' ? value : 'done'),
      (error: unknown) => String(error),
    )
    log(isolate.name, `${name}: ${await said}`)
    return isolate.isDead ? never : answer
  }
}
