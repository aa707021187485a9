import type { DanceContext, Flight } from './context.ts'
import { jitter, pause } from './deadline.ts'
import { locateError } from './errors.ts'
import type { Scene } from './events.ts'
import type { ProviderClient } from './protocol/protocol.ts'
import type { ConnectionRecord } from './record-shapes.ts'
import { type FoundRecord, readRecord, writeRecord } from './records.ts'
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
 * @param sent The record whose refresh token was spent, and the version it stands under.
 * @param fresh The record to save.
 * @param flight Knows where the record stands if a login moves it meanwhile.
 * @param early Hands the record out within a second, while saving goes on.
 * @returns The record in force: this one, or another's that superseded it; null where nobody is connected any more.
 */
export async function saveRefreshed(
  r: Refreshable,
  sent: FoundRecord,
  flight: Flight,
  fresh: ConnectionRecord,
  early: (record: ConnectionRecord) => void,
): Promise<ConnectionRecord | null> {
  // the visits of those who wait save it, each into its own cookies
  if (r.storage.consistency === 'request') {
    await r.refreshed(sent.record, fresh)
    return fresh
  }
  const timer = setTimeout(() => early(fresh), patience)
  const saved = await pursue(r, sent, flight, fresh)
  clearTimeout(timer)
  if (saved && saved.token.refreshToken === fresh.token.refreshToken)
    await r.refreshed(sent.record, saved)
  return saved
}

/** Gives back what came for a connection that was ended meanwhile. */
export async function giveBack(r: Refreshable, { token }: ConnectionRecord): Promise<null> {
  await r.client.protocol.revoke(r.client, token).catch(() => {}) // nobody can use it: all there was to do is done
  return null
}

async function pursue(
  r: Refreshable,
  sent: FoundRecord,
  flight: Flight,
  fresh: ConnectionRecord,
): Promise<ConnectionRecord | null> {
  let { key, version } = sent
  let record = fresh
  // under its old key nobody is connected any more, whatever became of the token
  const seen = (one: ConnectionRecord) => (key === sent.key ? one : null)
  for (let failures = 0; ; ) {
    try {
      const o = { ifVersion: version }
      if (typeof (await writeRecord(r.context, r.storage, key, record, o)) !== 'string') break
      const current = await readRecord(r.context, r.storage, key, { fresh: true })
      if (current) {
        const next = afterConflict(sent.record, current.record, fresh)
        if (!next) return seen(current.record)
        record = next
        version = current.version
      } else {
        // a browser's login keeps its record under a new key, and may have kept the refresh token that was just spent
        if (!flight.heir || key === flight.heir) return giveBack(r, fresh)
        key = flight.heir // the next write conflicts, and is judged
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

/** Whose record stands there now? What to write over it, or null where it holds. */
function afterConflict(
  sent: ConnectionRecord,
  current: ConnectionRecord,
  fresh: ConnectionRecord,
): ConnectionRecord | null {
  const { accessToken, refreshToken } = current.token
  const spent = refreshToken === sent.token.refreshToken && current.grant === sent.grant
  if (!spent || accessToken === fresh.token.accessToken) return null
  if (accessToken === sent.token.accessToken) return fresh
  // a login that brought no refresh token of its own kept the one just spent
  const { refreshToken: renewed } = fresh.token
  return { ...current, token: { ...current.token, ...(renewed && { refreshToken: renewed }) } }
}
