import type { DanceContext, Flight } from './context.ts'
import { jitter, pause } from './deadline.ts'
import { locateError } from './errors.ts'
import type { Scene } from './events.ts'
import { readEntry, type Standing, writeInForce } from './in-force.ts'
import { unclaimed } from './merge-record.ts'
import type { ProviderClient } from './protocol/protocol.ts'
import type { ConnectionRecord } from './record-shapes.ts'
import { readRecord } from './records.ts'
import type { ConnectionKey, TokenStorage } from './storage.ts'

/** Milliseconds a caller waits for a storage that fails or is slow before it gets the fresh token unsaved. */
const patience = 900
const longestPause = 30_000

/** What the engine needs to know of a connection. */
export interface Refreshable {
  readonly context: DanceContext
  readonly client: ProviderClient
  readonly storage: TokenStorage
  readonly key: Required<ConnectionKey>
  readonly scene: Scene
  /** Told once by the flight that refreshed. */
  refreshed(before: ConnectionRecord, after: ConnectionRecord): Promise<void>
}

/**
 * Saves what a refresh brought, however often the storage fails: losing it would lose the connection.
 *
 * @param sent The record whose refresh token was spent, and where it stands.
 * @param fresh The record to save.
 * @param flight Knows where the record stands if a login moves it meanwhile.
 * @param early Hands the record out within a second, while saving goes on.
 * @returns The record in force: this one, or another's that superseded it; null where nobody is connected any more.
 */
export async function saveRefreshed(
  r: Refreshable,
  sent: Standing,
  flight: Flight,
  fresh: ConnectionRecord,
  early: (record: ConnectionRecord) => void,
): Promise<ConnectionRecord | null> {
  const timer = setTimeout(() => early(fresh), patience)
  const { entry: _agreed, ...stored } = sent
  let saved: ConnectionRecord | 'gone' | null = fresh
  if (sent.entry) saved = await pursue(r, sent, flight, fresh)
  // cookies are for the visits of those who wait to save, each into its own
  if (saved === fresh && r.storage.consistency !== 'request') {
    saved = await pursue(r, stored, flight, fresh)
  }
  clearTimeout(timer) // before it is given back: nobody may be handed it then
  if (saved === 'gone') return giveBack(r, fresh)
  if (saved && saved.token.refreshToken === fresh.token.refreshToken) {
    await r.refreshed(sent.record, saved)
  }
  return saved
}

/** Gives back what came for a connection that was ended meanwhile. */
export async function giveBack(r: Refreshable, { token }: ConnectionRecord): Promise<null> {
  await r.client.protocol.revoke(r.client, token).catch(() => {}) // nobody can use it: all there was to do is done
  return null
}

async function pursue(
  r: Refreshable,
  sent: Standing,
  flight: Flight,
  fresh: ConnectionRecord,
): Promise<ConnectionRecord | 'gone' | null> {
  let place = sent
  let record = fresh
  // under its old key nobody is connected any more, whatever became of the token
  const seen = (one: ConnectionRecord) => (place.key === sent.key ? one : null)
  for (let failures = 0; ; ) {
    try {
      if ((await writeInForce(r.context, r.storage, place, record)) !== 'conflict') break
      const current = await readPlace(r, place)
      if (current) {
        const next = afterConflict(sent.record, current.record, fresh)
        if (next === 'gone') return next
        if (!next) return seen(current.record)
        record = next
        place = { ...current, key: place.key }
      } else {
        // a browser's login keeps its record under a new key, and may have kept the refresh token that was just spent
        if (!flight.heir || place.key === flight.heir) return 'gone'
        place = { ...place, key: flight.heir } // the next write conflicts, and is judged
      }
    } catch (error) {
      if (failures === 0) {
        await r.context.events.report(locateError(error, 'refresh', r.client.name), r.scene)
      }
      failures++
      await pause(Math.min(longestPause, 50 * 2 ** failures) * (0.5 + jitter() / 2))
      // a write that threw may have happened: the next one conflicts then, and is judged
    }
  }
  return seen(record)
}

async function readPlace(r: Refreshable, place: Standing): Promise<Standing | null> {
  return place.entry
    ? readEntry(r.context, place)
    : readRecord(r.context, r.storage, place.key, { fresh: true })
}

/** Whose record stands there now? What to write over it, or null where it holds. */
function afterConflict(
  sent: ConnectionRecord,
  current: ConnectionRecord,
  fresh: ConnectionRecord,
): ConnectionRecord | 'gone' | null {
  const { accessToken, refreshToken } = current.token
  const spent = refreshToken === sent.token.refreshToken && current.grant === sent.grant
  if (spent && current.ended) return 'gone'
  if (!spent || accessToken === fresh.token.accessToken) return null
  if (accessToken === sent.token.accessToken) return fresh
  // a login that brought no refresh token of its own kept the one just spent
  const { refreshToken: renewed } = fresh.token
  const token = { ...current.token, ...(renewed && { refreshToken: renewed }) }
  return { ...unclaimed(current), token }
}
