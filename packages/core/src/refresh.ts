import type { Flight, FlightAnswer } from './context.ts'
import { jitter, pause, within } from './deadline.ts'
import { DanceError, locateError } from './errors.ts'
import { sendDeadline } from './http.ts'
import type { ConnectionRecord } from './record-shapes.ts'
import { probeCookies, readRecord, writeRecord } from './records.ts'
import { type Refreshable, saveRefreshed } from './save-refreshed.ts'
import type { ConnectionKey } from './storage.ts'
import { earliness, isValid } from './token.ts'

/** Milliseconds after which a flight nobody heard of is given up. */
const lease = sendDeadline + 15_000
/** Milliseconds for which a spent refresh token's successor is remembered where the storage may still show the old one. */
const successorLife = 60_000
const mostFlights = 10_000

/**
 * The record to call the API with: as it is while it is good, else refreshed. However many ask, a refresh token is sent
 * once: the flight belongs to no caller, and each caller waits with a timer of its own.
 *
 * @param rejected An access token the API refused: it is not good enough, whatever its times say.
 * @param minValidity Seconds the access token must last.
 * Throws `provider_*`, `grant_refused` never, `storage_failed`, `cannot_persist`, `metadata_changed`.
 */
export async function currentRecord(
  r: Refreshable,
  held: ConnectionRecord,
  o: { rejected?: string; minValidity?: number; signal?: AbortSignal | null },
): Promise<FlightAnswer> {
  const isGood = (record: ConnectionRecord) =>
    record.token.accessToken !== o.rejected && isUsable(r, record, o.minValidity)
  if (held.ended) return held.ended
  if (isGood(held)) return held
  const lasts = isValid(held.token, 0) && held.token.accessToken !== o.rejected
  if (held.token.refreshToken !== undefined && r.storage.consistency === 'request') {
    if (lasts && !(await canPersist(r))) return held
    await probeCookies(r.storage, r.key)
  }
  const began = Date.now()
  let record = held
  for (let turn = 0; turn < 3; turn++) {
    const flight = await joinFlight(r, record, o)
    const answer = await waitFor(r, flight, lasts ? held : null, o.signal)
    if (answer === null || typeof answer === 'string') return answer
    record = answer
    const isNew = flight.startedAt >= began && answer.token.accessToken !== o.rejected
    if (isGood(answer) || isNew) break
  }
  return adopt(r, held, record)
}

/** Whether the access token can be used for that long. */
function isUsable(r: Refreshable, record: ConnectionRecord, minValidity?: number): boolean {
  const { token, obtainedAt } = record
  const margin = minValidity ?? earliness(token, obtainedAt, r.context.config.minValidity)
  return isValid(token, margin)
}

async function joinFlight(
  r: Refreshable,
  held: ConnectionRecord,
  o: { rejected?: string; minValidity?: number },
): Promise<Flight> {
  const { flights, seals, events } = r.context
  const name = await seals.mac(held.token.refreshToken ?? `access ${held.token.accessToken}`)
  const known = flights.get(name)
  if (known && (known.forgetAt ?? Number.POSITIVE_INFINITY) > Date.now()) return known
  let landed: Promise<FlightAnswer> = Promise.resolve(null)
  const answer = new Promise<FlightAnswer>((resolve, reject) => {
    landed = fly(r, o, resolve)
    landed.then(resolve, reject)
  })
  const flight: Flight = { answer, startedAt: Date.now() }
  flights.set(name, flight)
  for (const [oldest, { forgetAt = Number.POSITIVE_INFINITY }] of flights) {
    if (flights.size <= mostFlights && forgetAt > Date.now()) break
    flights.delete(oldest)
  }
  answer.catch(() => {}) // its callers hear of it; so does nobody, where all have left
  events.background(
    r.scene,
    landed.then(
      (end) => retire(r, name, flight, end),
      () => drop(r, name, flight),
    ),
  )
  return flight
}

/** The flight: reads afresh, sends once, saves. `early` hands the new record out before it is saved. */
async function fly(
  r: Refreshable,
  o: { rejected?: string; minValidity?: number },
  early: (record: ConnectionRecord) => void,
): Promise<FlightAnswer> {
  for (let turn = 0; ; turn++) {
    const found = await readPatiently(r)
    if (!found) return null
    const { record } = found
    if (record.ended) return record.ended
    if (record.token.accessToken !== o.rejected && isUsable(r, record, o.minValidity)) return record
    if (record.token.refreshToken === undefined) return 'expired'
    if ((record.retryAt ?? 0) > Date.now() / 1000) return untilRetry(record, o.rejected)
    await tellUncoordinated(r)
    try {
      const grant = await r.client.protocol.refresh(r.client, record.token, record.stamp)
      return await saveRefreshed(r, found, grant, early)
    } catch (error) {
      const failure = locateError(error, 'refresh', r.client.name)
      if (failure.code !== 'grant_refused') return afterTransient(r, found, failure, o.rejected)
      const ended = await afterRefusal(r, found)
      if (ended !== 'again') return ended
      if (turn > 0) throw failure
    }
  }
}

/** A definite no: only if the storage still shows the token that was sent is the connection over. */
async function afterRefusal(
  r: Refreshable,
  sent: { record: ConnectionRecord; version: string },
): Promise<FlightAnswer | 'again'> {
  const current = await readPatiently(r)
  if (!current) return null
  const { record, version } = current
  const same = record.token.refreshToken === sent.record.token.refreshToken
  if (!same || record.grant !== sent.record.grant) return 'again'
  const reason = record.uncertain ? 'refresh_interrupted' : 'revoked'
  if (r.storage.consistency !== 'strong') return reason
  const { refreshToken: _spent, ...token } = record.token
  const ended: ConnectionRecord = { ...record, token, ended: reason }
  const outcome = await writeRecord(r.context, r.storage, current.key, ended, {
    ifVersion: version,
  })
  return outcome === 'conflict' ? 'again' : reason
}

/** Anything else keeps the token; the others learn when to try again. */
async function afterTransient(
  r: Refreshable,
  found: { key: Required<ConnectionKey>; record: ConnectionRecord; version: string },
  failure: DanceError,
  rejected: string | undefined,
): Promise<ConnectionRecord> {
  const { record, key, version } = found
  const failures = (record.failures ?? 0) + 1
  // the first retry is free; then twice as long each time, up to a minute, and never all at once
  const backoff = failures === 1 ? 0 : Math.min(60, 2 ** (failures - 2)) * (0.5 + jitter() / 2)
  const retryAt = Date.now() / 1000 + (failure.retryAfter ?? backoff)
  const unanswered = failure.code === 'provider_timeout' || failure.code === 'provider_unreachable'
  if (r.storage.consistency !== 'request') {
    const waiting = {
      ...record,
      failures,
      retryAt,
      uncertain: record.uncertain === true || unanswered,
    }
    // without this write the others only try sooner
    await writeRecord(r.context, r.storage, key, waiting, { ifVersion: version }).catch(() => {})
  }
  await r.context.events.report(failure, r.scene)
  if (isValid(record.token, 0) && record.token.accessToken !== rejected) return record
  throw failure
}

function untilRetry(record: ConnectionRecord, rejected: string | undefined): ConnectionRecord {
  if (isValid(record.token, 0) && record.token.accessToken !== rejected) return record
  const retryAfter = Math.max(1, Math.ceil((record.retryAt ?? 0) - Date.now() / 1000))
  const message = 'Cannot refresh the token: the provider was not available a moment ago'
  throw new DanceError('provider_unavailable', message, { phase: 'refresh', retryAfter })
}

/** A storage that fails is asked again: it must never look like "not connected". */
async function readPatiently(r: Refreshable): ReturnType<typeof readRecord> {
  const end = Date.now() + r.context.config.timeout
  for (;;) {
    try {
      return await readRecord(r.context, r.storage, r.key, { fresh: true })
    } catch (error) {
      if (Date.now() >= end) throw error
      await pause(100 + 200 * jitter())
    }
  }
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
    const message =
      'Cannot refresh the token: the provider did not answer in time; it may still come'
    return new DanceError('provider_timeout', message, { phase: 'refresh' })
  }
  const waiting = within(flight.answer, r.context.config.timeout, late)
  const answered = stillValid ? waiting.catch(() => stillValid) : waiting
  if (!signal) return answered
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    answered.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** In cookies every caller saves the result into its own visit. */
async function adopt(
  r: Refreshable,
  held: ConnectionRecord,
  record: ConnectionRecord,
): Promise<ConnectionRecord> {
  if (r.storage.consistency !== 'request' || record === held) return record
  const saved = writeRecord(r.context, r.storage, r.key, record)
  // the caller gets the fresh token all the same: losing it too would help nobody
  await saved.catch((error: unknown) =>
    r.context.events.report(locateError(error, 'refresh', r.client.name), r.scene),
  )
  return record
}

// A strong storage shows the new token to all who read; elsewhere the old one may still be read for a while.
function retire(r: Refreshable, name: string, flight: Flight, end: FlightAnswer): void {
  const settled = end !== null && typeof end !== 'string'
  const remembered = r.storage.consistency !== 'strong' && (settled || end === 'revoked')
  if (remembered) flight.forgetAt = Date.now() + successorLife
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

async function tellUncoordinated(r: Refreshable): Promise<void> {
  const { context, storage, client } = r
  const safe = storage.consistency === 'strong' || storage.coordinator !== undefined
  if (safe || client.facts.rotation === 'none' || context.told.has('uncoordinated')) return
  context.told.add('uncoordinated')
  await context.events.tell('uncoordinated', r.scene)
}
