import { claimRefresh, createClaimWatch, lease } from './claim.ts'
import type { Flight, FlightAnswer, Spent } from './context.ts'
import { jitter, pause } from './deadline.ts'
import { DanceError, locateError } from './errors.ts'
import { isCoordinated, readInForce, type Standing, writeInForce } from './in-force.ts'
import { mergeRefresh, unclaimed } from './merge-record.ts'
import type { ConnectionRecord } from './record-shapes.ts'
import { storageFailed } from './records.ts'
import { type Refreshable, saveRefreshed } from './save-refreshed.ts'
import { letGo, noteSpent } from './spent.ts'
import { earliness, isValid } from './token.ts'

/** What a caller needs of the access token. */
export interface Needs {
  /** An access token the API refused: it is not good enough, whatever its times say. */
  readonly rejected?: string
  /** Seconds the access token must last. */
  readonly minValidity?: number
  /** Ends the caller's waiting, never the refresh. */
  readonly signal?: AbortSignal | null
}

/** Whether a record's access token is what a caller needs. */
export function isGood(r: Refreshable, { token, obtainedAt }: ConnectionRecord, o: Needs): boolean {
  const margin = o.minValidity ?? earliness(token, obtainedAt, r.context.config.minValidity)
  return token.accessToken !== o.rejected && isValid(token, margin)
}

/** Whether a record's access token still works, if not for as long as a caller would like. */
export function lasts({ token }: ConnectionRecord, { rejected }: Needs): boolean {
  return token.accessToken !== rejected && isValid(token, 0)
}

/**
 * One refresh: reads afresh, claims the refresh, sends the refresh token once, saves what comes.
 *
 * @param flight Is told how far it is.
 * @param early Hands the new record to the callers before it is saved.
 */
export async function fly(
  r: Refreshable,
  o: Needs,
  flight: Flight,
  early: (record: ConnectionRecord) => void,
): Promise<FlightAnswer> {
  const { context } = r
  const isHeld = createClaimWatch(flight)
  const end = flight.startedAt + lease + context.config.timeout
  for (let turn = 0; Date.now() < end; turn++) {
    const standing = await readPatiently(r)
    if (!standing) return null
    const { record } = standing
    const { refreshToken } = record.token
    if (record.ended || isGood(r, record, o)) return record
    if (refreshToken === undefined) {
      return lasts(record, o) ? record : { ...record, ended: 'expired' }
    }
    if (!isHeld(record.claim)) {
      if (!record.claim && (record.retryAt ?? 0) > Date.now() / 1000) return untilRetry(record, o)
      await tellUncoordinated(r)
      const name = await context.seals.mac(refreshToken)
      const held = await claimRefresh(r, standing, flight)
      // from here to the note that it is sent nothing waits: two flights of one isolate must not both pass
      const rival = context.flights.get(name)
      if (rival?.sent && rival !== flight) return rival.answer
      const known = context.spent.get(name)?.record
      if (held && !(known && known.obtainedAt > record.obtainedAt)) {
        context.flights.set(name, flight)
        letGo(flight.sent)
        flight.sent = noteSpent(context, name, { ...held.record, uncertain: true })
        const answer = await sendOnce(r, held, o, flight, flight.sent, early)
        if (answer !== 'again') return answer
      }
    }
    await pause((30 + 60 * jitter()) * Math.min(6, 1.2 ** turn))
  }
  throw storageFailed('a refresh elsewhere did not end', r.client.name)
}

async function sendOnce(
  r: Refreshable,
  held: Standing,
  o: Needs,
  flight: Flight,
  sent: Spent,
  early: (record: ConnectionRecord) => void,
): Promise<FlightAnswer | 'again'> {
  const record = unclaimed(held.record)
  try {
    const grant = await r.client.protocol.refresh(r.client, record.token, record.stamp)
    flight.fresh = mergeRefresh(r.client, record, grant)
    sent.record = flight.fresh
  } catch (error) {
    const failure = locateError(error, 'refresh', r.client.name)
    sent.record = record
    if (failure.code !== 'grant_refused') return afterTransient(r, held, failure, o, sent)
    const ended = await afterRefusal(r, held, flight, sent)
    if (ended === 'again' && flight.refused) {
      throw storageFailed('the record changed all the while', r.client.name)
    }
    flight.refused = true
    return ended
  }
  return saveRefreshed(r, held, flight, flight.fresh, early)
}

/** A definite no: only if the storage still shows the token that was sent is the connection over. */
async function afterRefusal(
  r: Refreshable,
  { record: { token, grant } }: Standing,
  { id }: Flight,
  sent: Spent,
): Promise<FlightAnswer | 'again'> {
  const current = await readPatiently(r)
  if (!current) return null
  const { claim, ...record } = current.record
  const isSame = record.token.refreshToken === token.refreshToken && record.grant === grant
  // whoever claimed it meanwhile judges
  if (!isSame || (claim && claim.id !== id)) return 'again'
  const { refreshToken: _spent, ...rest } = record.token
  const reason = record.uncertain ? 'refresh_interrupted' : 'revoked'
  const ended: ConnectionRecord = { ...record, token: rest, ended: reason }
  if (isCoordinated(r.storage)) {
    const outcome = await writeInForce(r.context, r.storage, current, ended)
    if (outcome === 'conflict') return 'again'
  } else sent.record = ended
  return ended
}

/** Anything else keeps the token; the others learn when to try again. */
async function afterTransient(
  r: Refreshable,
  held: Standing,
  failure: DanceError,
  o: Needs,
  sent: Spent,
): Promise<ConnectionRecord> {
  const record = unclaimed(held.record)
  const failures = (record.failures ?? 0) + 1
  // the first retry is free; then twice as long each time, up to a minute, and never all at once
  const backoff = failures === 1 ? 0 : Math.min(60, 2 ** (failures - 2)) * (0.5 + jitter() / 2)
  const retryAt = Date.now() / 1000 + (failure.retryAfter ?? backoff)
  const unheard = /_(timeout|unreachable)$/.test(failure.code)
  sent.record = { ...record, failures, retryAt, ...(unheard && { uncertain: true }) }
  const write = () => writeInForce(r.context, r.storage, held, sent.record)
  // without this write the others wait until the claim lapses
  await write()
    .catch(write)
    .catch(() => null)
  await r.context.events.report(failure, r.scene)
  if (lasts(record, o)) return record
  throw failure
}

function untilRetry(record: ConnectionRecord, o: Needs): ConnectionRecord {
  if (lasts(record, o)) return record
  const retryAfter = Math.max(1, Math.ceil((record.retryAt ?? 0) - Date.now() / 1000))
  const message = 'Cannot refresh the token: the provider was not available a moment ago'
  throw new DanceError('provider_unavailable', message, { phase: 'refresh', retryAfter })
}

/** A storage that fails is asked again: it must never look like "not connected". */
async function readPatiently(r: Refreshable): Promise<Standing | null> {
  const end = Date.now() + r.context.config.timeout
  for (;;) {
    try {
      return await readInForce(r.context, r.storage, r.key)
    } catch (error) {
      if (Date.now() >= end) throw error
      await pause(100 + 200 * jitter())
    }
  }
}

async function tellUncoordinated({ context, storage, scene }: Refreshable): Promise<void> {
  if (isCoordinated(storage) || context.told.has('uncoordinated')) return
  context.told.add('uncoordinated')
  await context.events.tell('uncoordinated', scene)
}
