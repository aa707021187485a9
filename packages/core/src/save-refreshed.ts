import type { DanceContext } from './context.ts'
import { jitter, pause } from './deadline.ts'
import { locateError } from './errors.ts'
import type { Scene } from './events.ts'
import { mergeRefresh } from './merge-record.ts'
import type { Grant } from './protocol/protocol.ts'
import type { ProviderClient } from './provider.ts'
import type { ConnectionRecord } from './record-shapes.ts'
import { type FoundRecord, readRecord, writeRecord } from './records.ts'
import type { ConnectionKey, TokenStorage } from './storage.ts'

/** Milliseconds a caller waits for a storage that fails before it gets the fresh token unsaved. */
const patience = 1_000
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
 * @param early Hands the record out a second after the first failure, while saving goes on.
 * @returns The record in force: this one, or another's that superseded it; null where nobody is connected any more.
 */
export async function saveRefreshed(
  r: Refreshable,
  sent: FoundRecord,
  grant: Grant,
  early: (record: ConnectionRecord) => void,
): Promise<ConnectionRecord | null> {
  const fresh = mergeRefresh(r.client, sent.record, grant)
  // the visits of those who wait save it, each into its own cookies
  const inForce = r.storage.consistency === 'request' ? fresh : await pursue(r, sent, fresh, early)
  if (inForce === fresh) await r.refreshed(sent.record, fresh)
  return inForce
}

async function pursue(
  r: Refreshable,
  sent: FoundRecord,
  fresh: ConnectionRecord,
  early: (record: ConnectionRecord) => void,
): Promise<ConnectionRecord | null> {
  let version = sent.version
  for (let failures = 0; ; ) {
    try {
      const o = { ifVersion: version }
      const outcome = await writeRecord(r.context, r.storage, sent.key, fresh, o)
      if (typeof outcome !== 'string') return fresh
      const current = await readRecord(r.context, r.storage, sent.key, { fresh: true })
      const inForce = await judge(r, sent.record, fresh, current)
      if (inForce !== 'write again') return inForce
      version = current?.version ?? version
    } catch (error) {
      if (failures === 0) {
        setTimeout(() => early(fresh), patience)
        await r.context.events.report(locateError(error, 'refresh', r.client.name), r.scene)
      }
      failures++
      await pause(Math.min(longestPause, 50 * 2 ** failures) * (0.5 + jitter() / 2))
      // a write that threw may have happened: the next one conflicts then, and is judged
    }
  }
}

/** What a conflict means: whose record is it that stands there now? */
async function judge(
  r: Refreshable,
  sent: ConnectionRecord,
  fresh: ConnectionRecord,
  current: FoundRecord | null,
): Promise<ConnectionRecord | null | 'write again'> {
  if (!current) {
    // disconnected meanwhile: what came for nobody is given back
    await r.client.protocol.revoke(r.client, fresh.token).catch(() => {})
    return null
  }
  const { record } = current
  if (record.token.accessToken === fresh.token.accessToken) return fresh
  const spent = record.token.refreshToken === sent.token.refreshToken && record.grant === sent.grant
  return spent ? 'write again' : record
}
