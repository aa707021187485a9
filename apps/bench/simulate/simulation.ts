import { type CookieJar, cookieJar } from '@fetch-dance/testing'
import type { Clock } from './clock.ts'
import { type Isolate, startIsolate } from './isolate.ts'
import type { Back } from './keepings.ts'
import { createProvider, type SimulatedProvider } from './provider.ts'
import type { Random } from './random.ts'
import type { Row } from './rows.ts'

/** What all parts of one schedule share. */
export interface Simulation {
  readonly clock: Clock
  readonly random: Random
  readonly row: Row
  readonly provider: SimulatedProvider
  /** The browser that every caller's request comes from. */
  readonly jar: CookieJar
  /** The end of the outage of the storage, if there is one now. */
  outageUntil(): number | undefined
  /** Whether things go wrong: not while somebody connects at first, nor when all is over. */
  isTroubled: boolean
  /** Tells what happens, where somebody wants to know. */
  log(who: string, what: string): void
}

/** Lays out what a schedule's parts share. */
export function createSimulation(
  clock: Clock,
  random: Random,
  row: Row,
  log: Simulation['log'],
): Simulation {
  // about when tokens end, three times
  const outages = [1, 2, 3].map((life) => clock.now() + (life + random.between(-0.1, 0.2)) * 70_000)
  const simulation: Simulation = {
    clock,
    random,
    row,
    log,
    jar: cookieJar(),
    isTroubled: false,
    provider: createProvider(random, row, (share) => simulation.isTroubled && random.chance(share)),
    outageUntil() {
      if (!row.outages || !simulation.isTroubled) return undefined
      const from = outages.find((time) => time <= clock.now() && clock.now() < time + 8000)
      return from === undefined ? undefined : from + 8000
    },
  }
  return simulation
}

/** Four isolates; one that died has a successor as soon as somebody asks for it. */
export function startIsolates(simulation: Simulation, back: Back): () => Isolate {
  const isolates = ['A', 'B', 'C', 'D'].map((name) => startIsolate(simulation, back, name))
  return () => {
    const index = Math.floor(simulation.random.next() * isolates.length)
    const chosen = isolates[index]
    if (chosen && !chosen.isDead) return chosen
    const next = startIsolate(simulation, back, `${chosen?.name}'`)
    isolates[index] = next
    return next
  }
}
