import type { DanceContext, Flight, FlightAnswer } from './context.ts'
import { jitter, pause } from './deadline.ts'
import { DanceError, locateError } from './errors.ts'
import { mergeRefresh } from './merge-record.ts'
import type { ConnectionRecord } from './record-shapes.ts'
import { type FoundRecord, readRecord, writeRecord } from './records.ts'
import { type Refreshable, saveRefreshed } from './save-refreshed.ts'
import { earliness, isValid } from './token.ts'

/** Successors of a spent refresh token that are followed one after the other. */
const mostSuccessors = 32

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
  return isValid(token, 0) && token.accessToken !== rejected
}

/**
 * One refresh: reads afresh, sends the refresh token once, saves what comes.
 *
 * @param flight Is told how far it is, and the new record at once, for those who still find the old one.
 * @param early Hands the new record to the callers before it is saved.
 */
export async function fly(
  r: Refreshable,
  o: Needs,
  flight: Pick<Flight, 'sent' | 'successor' | 'uncertain'>,
  early: (record: ConnectionRecord) => void,
): Promise<FlightAnswer> {
  for (let turn = 0; ; turn++) {
    const found = await readPatiently(r)
    if (!found) return null
    const { record } = found
    if (record.ended) return record.ended
    if (isGood(r, record, o)) return record
    if (record.token.refreshToken === undefined) return lasts(record, o) ? record : 'expired'
    if ((record.retryAt ?? 0) > Date.now() / 1000) return untilRetry(record, o)
    await tellUncoordinated(r)
    flight.sent = true
    try {
      const grant = await r.client.protocol.refresh(r.client, record.token, record.stamp)
      const fresh = mergeRefresh(r.client, record, grant)
      flight.successor = fresh
      return await saveRefreshed(r, found, fresh, early)
    } catch (error) {
      const failure = locateError(error, 'refresh', r.client.name)
      if (failure.code !== 'grant_refused') {
        flight.uncertain ||= record.uncertain || /_(timeout|unreachable)$/.test(failure.code)
        return afterTransient(r, found, failure, o, flight.uncertain)
      }
      const ended = await afterRefusal(r, found, flight.uncertain)
      if (ended !== 'again') return ended
      if (turn > 0) throw failure
    }
  }
}

/** A definite no: only if the storage still shows the token that was sent is the connection over. */
async function afterRefusal(
  r: Refreshable,
  sent: FoundRecord,
  uncertain: boolean | undefined,
): Promise<FlightAnswer | 'again'> {
  const current = await readPatiently(r)
  if (!current) return null
  const { record, version } = current
  const same = record.token.refreshToken === sent.record.token.refreshToken
  if (!same || record.grant !== sent.record.grant) return 'again'
  const reason = record.uncertain || uncertain ? 'refresh_interrupted' : 'revoked'
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
  { key, record, version }: FoundRecord,
  failure: DanceError,
  o: Needs,
  uncertain: boolean,
): Promise<ConnectionRecord> {
  const failures = (record.failures ?? 0) + 1
  // the first retry is free; then twice as long each time, up to a minute, and never all at once
  const backoff = failures === 1 ? 0 : Math.min(60, 2 ** (failures - 2)) * (0.5 + jitter() / 2)
  const retryAt = Date.now() / 1000 + (failure.retryAfter ?? backoff)
  if (r.storage.consistency !== 'request') {
    const waiting = { ...record, failures, retryAt, uncertain }
    // without this write the others only try sooner
    await writeRecord(r.context, r.storage, key, waiting, { ifVersion: version }).catch(() => {})
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

/** What is known here to have come after a record: its refresh token is spent, though the storage still shows it. */
export async function latestOf(
  { flights, seals }: DanceContext,
  record: ConnectionRecord,
): Promise<ConnectionRecord> {
  let latest = record
  for (let hop = 0; hop < mostSuccessors; hop++) {
    const { refreshToken } = latest.token
    if (refreshToken === undefined) break
    const successor = flights.get(await seals.mac(refreshToken))?.successor
    if (!successor || successor.token.refreshToken === refreshToken) break
    latest = successor
  }
  return latest
}

async function tellUncoordinated(r: Refreshable): Promise<void> {
  const { context, storage } = r
  const safe = storage.consistency === 'strong' || storage.coordinator !== undefined
  if (safe || context.told.has('uncoordinated')) return
  context.told.add('uncoordinated')
  await context.events.tell('uncoordinated', r.scene)
}
