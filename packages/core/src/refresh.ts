import { randomId } from './base64url.ts'
import { lease } from './claim.ts'
import type { Flight, FlightAnswer } from './context.ts'
import { within } from './deadline.ts'
import { DanceError, locateError } from './errors.ts'
import { fly, isGood, lasts, type Needs } from './flight.ts'
import type { ConnectionRecord } from './record-shapes.ts'
import { probeCookies, writeRecord } from './records.ts'
import { giveBack, type Refreshable } from './save-refreshed.ts'
import { letGo } from './spent.ts'

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
  if (held.ended || isGood(r, held, o)) return held
  if (held.token.refreshToken !== undefined && r.storage.consistency === 'request') {
    const refused = await probeCookies(r.storage, r.key).catch((error: unknown) => error)
    if (refused && lasts(held, o)) return held
    if (refused) throw refused
  }
  const began = Date.now()
  let answer = held
  for (let turn = 0; turn < 3; turn++) {
    const flight = await joinFlight(r, answer, o)
    let landed: FlightAnswer
    try {
      landed = await waitFor(r, flight, began, o.signal)
    } catch (error) {
      const record = flight.fresh ?? (lasts(held, o) ? held : null)
      if (!record || o.signal?.aborted) throw error
      return adopt(r, held, record)
    }
    if (!landed || landed.ended) return landed
    answer = landed
    const isNew = flight.startedAt >= began && answer.token.accessToken !== o.rejected
    if (isNew || isGood(r, answer, o)) break
  }
  return adopt(r, held, answer)
}

async function joinFlight(r: Refreshable, held: ConnectionRecord, o: Needs): Promise<Flight> {
  const { flights, seals, events } = r.context
  const name = await seals.mac(held.token.refreshToken ?? `access ${held.token.accessToken}`)
  const known = flights.get(name)
  if (known && !isLost(known)) return known
  if (known) drop(r, known)
  const { promise, resolve } = Promise.withResolvers<FlightAnswer>()
  const flight: Flight = { id: randomId(), answer: promise, startedAt: Date.now() }
  flights.set(name, flight)
  const flown = fly(r, o, flight, resolve).finally(() => drop(r, flight))
  flown.then(resolve, () => resolve(flown))
  promise.catch(() => {}) // its callers hear of it; so does nobody, where all have left
  events.background(
    r.scene,
    flown.catch(() => {}),
  )
  return flight
}

/** However many flights a caller waits for, it waits no longer than `timeout` since it began. */
function waitFor(
  r: Refreshable,
  flight: Flight,
  began: number,
  signal: AbortSignal | null | undefined,
): Promise<FlightAnswer> {
  const late = () => {
    if (isLost(flight)) drop(r, flight)
    const [code, who] = flight.sent
      ? (['provider_timeout', 'provider'] as const)
      : (['storage_failed', 'storage'] as const)
    const message = `Cannot refresh the token: the ${who} did not answer in time; it may still come`
    return new DanceError(code, message, { phase: 'refresh' })
  }
  const end = began + r.context.config.timeout
  return within(() => flight.answer, end - Date.now(), late, signal)
}

/** In Workers a flight never lands if the request that began it has ended. One that holds an answer is only saving it. */
function isLost({ startedAt, fresh }: Flight): boolean {
  return !fresh && Date.now() - startedAt > lease
}

/** In cookies every caller saves the result into its own visit, unless that has disconnected meanwhile. */
async function adopt(
  r: Refreshable,
  held: ConnectionRecord,
  record: ConnectionRecord,
): Promise<ConnectionRecord | null> {
  if (r.storage.consistency !== 'request' || record === held) return record
  if (!(await r.storage.get(r.key))) return giveBack(r, record)
  // the caller gets the fresh token all the same: losing it too would help nobody
  await writeRecord(r.context, r.storage, r.key, record).catch((error: unknown) =>
    r.context.events.report(locateError(error, 'refresh', r.client.name), r.scene),
  )
  return record
}

function drop({ context: { flights } }: Refreshable, flight: Flight): void {
  for (const [name, one] of flights) if (one === flight) flights.delete(name)
  letGo(flight.sent)
}
