import type { Flight, FlightAnswer, Spent } from './context.ts'
import { jitter, pause } from './deadline.ts'
import { DanceError, locateError } from './errors.ts'
import { mergeRefresh } from './merge-record.ts'
import type { ConnectionRecord } from './record-shapes.ts'
import { type FoundRecord, readRecord, writeRecord } from './records.ts'
import { type Refreshable, saveRefreshed } from './save-refreshed.ts'
import { latestOf, letGo, noteSpent, successorOf } from './spent.ts'
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
 * One refresh: reads afresh, sends the refresh token once, saves what comes.
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
  const { flights, seals } = r.context
  for (let refusals = 0; ; ) {
    const found = await readPatiently(r)
    if (!found) return null
    const { record } = found
    if (record.ended || isGood(r, record, o)) return record
    const { refreshToken } = record.token
    if (refreshToken === undefined) {
      return lasts(record, o) ? record : { ...record, ended: 'expired' }
    }
    if ((record.retryAt ?? 0) > Date.now() / 1000) return untilRetry(record, o)
    await tellUncoordinated(r)
    const name = await seals.mac(refreshToken)
    // another flight came to the same refresh token from an older one
    const rival = flights.get(name)
    if (rival?.sent && rival !== flight) return rival.answer
    const known = successorOf(r.context, name, record)
    if (known && known !== record) continue
    flights.set(name, flight)
    const sent = noteSpent(r.context, name, { ...record, uncertain: true })
    flight.sent = sent
    try {
      const grant = await r.client.protocol.refresh(r.client, record.token, record.stamp)
      flight.fresh = mergeRefresh(r.client, record, grant)
      sent.record = flight.fresh
      return await saveRefreshed(r, found, flight, flight.fresh, early)
    } catch (error) {
      const failure = locateError(error, 'refresh', r.client.name)
      sent.record = record
      if (failure.code !== 'grant_refused') return afterTransient(r, found, failure, o, sent)
      const ended = await afterRefusal(r, record, sent)
      if (ended !== 'again') return ended
      letGo(sent)
      if (refusals++ > 0) throw failure
    }
  }
}

/** A definite no: only if the storage still shows the token that was sent is the connection over. */
async function afterRefusal(
  r: Refreshable,
  { token, grant }: ConnectionRecord,
  sent: Spent,
): Promise<FlightAnswer | 'again'> {
  const current = await readPatiently(r)
  if (!current) return null
  const { record, version, key } = current
  if (record.token.refreshToken !== token.refreshToken || record.grant !== grant) return 'again'
  const { refreshToken: _spent, ...rest } = record.token
  const reason = record.uncertain ? 'refresh_interrupted' : 'revoked'
  const ended: ConnectionRecord = { ...record, token: rest, ended: reason }
  if (r.storage.consistency !== 'strong') {
    sent.record = ended
    return ended
  }
  const outcome = await writeRecord(r.context, r.storage, key, ended, { ifVersion: version })
  return outcome === 'conflict' ? 'again' : ended
}

/** Anything else keeps the token; the others learn when to try again. */
async function afterTransient(
  r: Refreshable,
  { key, record, version }: FoundRecord,
  failure: DanceError,
  o: Needs,
  sent: Spent,
): Promise<ConnectionRecord> {
  const failures = (record.failures ?? 0) + 1
  // the first retry is free; then twice as long each time, up to a minute, and never all at once
  const backoff = failures === 1 ? 0 : Math.min(60, 2 ** (failures - 2)) * (0.5 + jitter() / 2)
  const retryAt = Date.now() / 1000 + (failure.retryAfter ?? backoff)
  const unheard = /_(timeout|unreachable)$/.test(failure.code)
  sent.record = { ...record, failures, retryAt, ...(unheard && { uncertain: true }) }
  if (r.storage.consistency !== 'request') {
    // without this write the others only try sooner
    await writeRecord(r.context, r.storage, key, sent.record, { ifVersion: version }).catch(
      () => {},
    )
  }
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
async function readPatiently(r: Refreshable): Promise<FoundRecord | null> {
  const end = Date.now() + r.context.config.timeout
  for (;;) {
    try {
      const found = await readRecord(r.context, r.storage, r.key, { fresh: true })
      return found && { ...found, record: await latestOf(r.context, found.record) }
    } catch (error) {
      if (Date.now() >= end) throw error
      await pause(100 + 200 * jitter())
    }
  }
}

async function tellUncoordinated({ context, storage, scene }: Refreshable): Promise<void> {
  if (storage.consistency === 'strong' || storage.coordinator || context.told.has('uncoordinated'))
    return
  context.told.add('uncoordinated')
  await context.events.tell('uncoordinated', scene)
}
