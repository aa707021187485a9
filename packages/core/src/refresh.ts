import type { Flight, FlightAnswer } from './context.ts'
import { within } from './deadline.ts'
import { DanceError, locateError } from './errors.ts'
import { fly, isGood, lasts, type Needs } from './flight.ts'
import { sendDeadline } from './http.ts'
import type { ConnectionRecord } from './record-shapes.ts'
import { probeCookies, writeRecord } from './records.ts'
import { giveBack, type Refreshable } from './save-refreshed.ts'

/** Milliseconds after which a flight nobody heard of is given up. */
const lease = sendDeadline + 15_000
/** Milliseconds for which a spent refresh token's successor is remembered where the storage may still show the old one. */
const successorLife = 60_000
const mostFlights = 10_000

/**
 * The record to call the API with: as it is while it is good, else refreshed. However many ask, a refresh token is sent
 * once: the flight belongs to no caller, and each caller waits with a timer of its own.
 *
 * @param o What the caller needs of the access token.
 * Throws `provider_*`, `grant_refused` never, `storage_failed`, `cannot_persist`, `metadata_changed`.
 */
export async function currentRecord(
  r: Refreshable,
  held: ConnectionRecord,
  o: Needs,
): Promise<FlightAnswer> {
  if (held.ended) return held.ended
  if (isGood(r, held, o)) return held
  const usable = lasts(held, o)
  if (held.token.refreshToken !== undefined && r.storage.consistency === 'request') {
    if (usable && !(await canPersist(r))) return held
    await probeCookies(r.storage, r.key)
  }
  const began = Date.now()
  let record = held
  for (let turn = 0; turn < 3; turn++) {
    const flight = await joinFlight(r, record, o)
    const answer = await waitFor(r, flight, usable ? held : null, o.signal)
    if (answer === null || typeof answer === 'string') return answer
    record = answer
    const isNew = flight.startedAt >= began && answer.token.accessToken !== o.rejected
    if (isGood(r, answer, o) || isNew) break
  }
  return adopt(r, held, record)
}

async function joinFlight(r: Refreshable, held: ConnectionRecord, o: Needs): Promise<Flight> {
  const { flights, seals, events } = r.context
  const name = await seals.mac(held.token.refreshToken ?? `access ${held.token.accessToken}`)
  const known = flights.get(name)
  if (known && isOfUse(r, known, held, o)) return known
  let land: (answer: FlightAnswer | Promise<FlightAnswer>) => void = () => {}
  const answer = new Promise<FlightAnswer>((resolve) => {
    land = resolve
  })
  const flight: Flight = { answer, startedAt: Date.now(), uncertain: known?.uncertain }
  flights.set(name, flight)
  for (const [oldest, { landed }] of flights) {
    if (flights.size <= mostFlights && !(landed && landed.until <= Date.now())) break
    flights.delete(oldest)
  }
  const flown = fly(r, o, flight, land)
  flown.then(land, () => land(flown))
  answer.catch(() => {}) // its callers hear of it; so does nobody, where all have left
  events.background(
    r.scene,
    flown.then(
      (end) => retire(r, name, flight, end),
      // what is held is no use, but that the token was sent is known to the next flight
      () => retire(r, name, flight, flight.uncertain ? held : null),
    ),
  )
  return flight
}

/** Whether joining helps: a flight that has landed does if it brought what is needed, or another refresh token. */
function isOfUse(r: Refreshable, { landed }: Flight, held: ConnectionRecord, o: Needs): boolean {
  if (!landed) return true
  if (landed.until <= Date.now()) return false
  const { end } = landed
  if (end === null || typeof end === 'string') return true
  return isGood(r, end, o) || end.token.refreshToken !== held.token.refreshToken
}

async function waitFor(
  r: Refreshable,
  flight: Flight,
  stillValid: ConnectionRecord | null,
  signal: AbortSignal | null | undefined,
): Promise<FlightAnswer> {
  const late = () => {
    if (Date.now() - flight.startedAt > lease) {
      for (const [name, one] of r.context.flights) if (one === flight) drop(r, name, flight)
    }
    const [code, who] = flight.sent
      ? (['provider_timeout', 'provider'] as const)
      : (['storage_failed', 'storage'] as const)
    const message = `Cannot refresh the token: the ${who} did not answer in time; it may still come`
    return new DanceError(code, message, { phase: 'refresh' })
  }
  const waiting = within(flight.answer, r.context.config.timeout, late)
  const answered = waiting.catch((error: unknown) => {
    const usable = flight.successor ?? stillValid
    if (usable) return usable
    throw error
  })
  if (!signal) return answered
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    answered.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** In cookies every caller saves the result into its own visit, unless that has disconnected meanwhile. */
async function adopt(
  r: Refreshable,
  held: ConnectionRecord,
  record: ConnectionRecord,
): Promise<ConnectionRecord | null> {
  if (r.storage.consistency !== 'request' || record === held) return record
  if (!(await r.storage.get(r.key))) return giveBack(r, record)
  const saved = writeRecord(r.context, r.storage, r.key, record)
  // the caller gets the fresh token all the same: losing it too would help nobody
  await saved.catch((error: unknown) =>
    r.context.events.report(locateError(error, 'refresh', r.client.name), r.scene),
  )
  return record
}

// A strong storage shows the new token to all who read; elsewhere the old one may still be read for a while.
function retire(r: Refreshable, name: string, flight: Flight, end: FlightAnswer): void {
  const remembered = r.storage.consistency !== 'strong' && end !== null
  if (remembered) flight.landed = { end, until: Date.now() + successorLife }
  else drop(r, name, flight)
}

function drop(r: Refreshable, name: string, flight: Flight): void {
  if (r.context.flights.get(name) === flight) r.context.flights.delete(name)
}

async function canPersist(r: Refreshable): Promise<boolean> {
  return probeCookies(r.storage, r.key).then(
    () => true,
    () => false,
  )
}
