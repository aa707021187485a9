import type { Clock } from './clock.ts'
import { startIsolate } from './isolate.ts'
import { type Back, keepings } from './keepings.ts'
import { createRandom } from './random.ts'
import { mayLose, type Row } from './rows.ts'
import { createSimulation, type Simulation, startIsolates } from './simulation.ts'
import { askToken, callApi, disconnect, logIn, type Said } from './visits.ts'

/** What came of one schedule. */
export interface Outcome {
  readonly tokenCalls: number
  readonly sentTwice: number
  readonly lost: boolean
  /** Whether the connection that was lost says that a refresh was interrupted. */
  readonly reported: boolean
  /** What must not be. */
  readonly faults: readonly string[]
}

/** Milliseconds from one end of an access token to the next: it lives for a minute, and is asked for in crowds. */
const life = 70_000
const lives = [1, 2, 3, 4] as const
const crowd = 12

/** Runs one schedule: sixty callers over four lives of a token, on four isolates. The same seed does the same again. */
export function runSchedule(
  clock: Clock,
  row: Row,
  keeping: string,
  seed: number,
  tell: (line: string) => void = () => {},
): Promise<Outcome> {
  const random = createRandom(seed)
  return clock.drive(random, async () => {
    const began = clock.now()
    const log = (who: string, what: string) => {
      tell(`${((clock.now() - began) / 1000).toFixed(3).padStart(9)} ${who.padEnd(6)} ${what}`)
    }
    const simulation = createSimulation(clock, random, row, log)
    const back = keepings[keeping]?.(simulation)
    if (!back) throw new Error(`Cannot simulate "${keeping}": there is no such storage`)
    const faults = await liveThrough(simulation, back)
    return {
      ...(await lookAt(simulation, back, faults)),
      tokenCalls: simulation.provider.refreshes,
    }
  })
}

/** Everything that happens, at once; what must not have happened. */
async function liveThrough(simulation: Simulation, back: Back): Promise<string[]> {
  const { clock, random, row, log } = simulation
  const faults: string[] = []
  const choose = startIsolates(simulation, back)
  if ((await logIn(simulation, choose)) !== 303) throw new Error('Cannot begin: the login failed')
  simulation.isTroubled = true
  let isOver = false

  const ask = async (time: number) => {
    await clock.sleep(time)
    const isolate = choose()
    const since = clock.now()
    const said = random.chance(0.8)
      ? await askToken(simulation, isolate)
      : await callApi(simulation, isolate, random.between(50, 20_000))
    const fault = await faultOf(simulation, said, isOver)
    log(
      isolate.name,
      `answers a caller: ${said?.code ?? said?.status ?? (said?.token ? 'token' : 'nothing')} after ${Math.round(clock.now() - since)} ms`,
    )
    if (clock.now() - since > 25_000)
      faults.push(`a caller waited ${Math.round(clock.now() - since)} ms`)
    if (fault) log(isolate.name, `FAULT ${fault}`)
    if (fault) faults.push(`a caller got ${fault}`)
  }
  const logInAgain = async (time: number) => {
    await clock.sleep(time)
    const status = await logIn(simulation, choose)
    log('person', `has logged in again: ${status}`)
    if (status !== 303 && !row.outages) faults.push(`a login was answered ${status}`)
  }
  const leave = async (time: number) => {
    await clock.sleep(time)
    isOver = true
    const said = await disconnect(simulation, choose())
    log('person', `has disconnected: ${said?.code}`)
  }

  const inCrowd = () => random.pick(lives) * life + random.between(0, 2000)
  const crowds = lives.flatMap((one) =>
    Array.from({ length: crowd }, () => one * life + random.between(0, 1500)),
  )
  const alone = Array.from(
    { length: crowd },
    () => random.pick(lives) * life + random.between(2000, 45_000),
  )
  const all = [...crowds, ...alone].map(ask)
  if (row.login) all.push(logInAgain(inCrowd()), logInAgain(inCrowd()))
  if (row.disconnect) all.push(leave(inCrowd()))
  await Promise.all(all)
  return faults
}

async function faultOf(
  { provider, row }: Simulation,
  said: Said | null,
  isOver: boolean,
): Promise<string | null> {
  if (!said) return row.crashes ? null : 'no answer'
  const { token, status, code } = said
  if (code !== undefined) {
    const isAllowed = row.refusals?.some((one) => one === code)
    return isAllowed || (isOver && code === 'login_required') ? null : `"${code}"`
  }
  if (isOver || mayLose(row)) return null
  const accepted = token === undefined ? (status ?? 200) : await tryToken(provider.fake, token)
  return accepted === 200 ? null : `a token that the API answers ${accepted}`
}

/** When all is quiet again: does a new isolate find the connection, and does it work? */
async function lookAt(
  simulation: Simulation,
  back: Back,
  faults: string[],
): Promise<Omit<Outcome, 'tokenCalls'>> {
  const { clock, provider, row } = simulation
  const { repeats, excused } = provider
  simulation.isTroubled = false
  let said: Said | null = null
  let works = false
  for (let attempt = 0; attempt < 3 && !works && said?.reason == null; attempt++) {
    await clock.sleep(180_000)
    said = await askToken(simulation, startIsolate(simulation, back, 'new'))
    works = said?.token !== undefined && (await tryToken(provider.fake, said.token)) === 200
  }
  simulation.log(
    'new',
    works ? 'finds a connection that works' : `hears ${said?.code}: ${said?.reason}`,
  )
  const lost = !works && !row.disconnect
  const reported = lost && said?.reason === 'refresh_interrupted'
  if (lost && !mayLose(row)) faults.push('the connection is lost')
  else if (lost && !reported)
    faults.push(`the connection is lost, and says ${said?.code}: ${said?.reason}`)
  if (row.disconnect && works) faults.push('the connection works after it was ended')
  if (row.disconnect && provider.fake.grants > 0) faults.push('a grant is left at the provider')
  if (repeats > excused) faults.push('a refresh token was sent twice')
  return { sentTwice: repeats, lost, reported, faults }
}

async function tryToken(
  { fetch, issuer }: Simulation['provider']['fake'],
  token: string,
): Promise<number> {
  const headers = { authorization: `Bearer ${token}` }
  return (await fetch(`${issuer}/api/user`, { headers })).status
}
