import type { DanceContext } from './context.ts'
import { type ConnectionRecord, isConnectionRecord } from './record-shapes.ts'
import { ask, type FoundRecord, readRecord, writeRecord } from './records.ts'
import type { Kv, TokenStorage } from './storage.ts'
import { now } from './token.ts'

/** Successors that are followed one after the other. */
const mostHops = 32
/** Seconds for which a coordinator keeps what came for a refresh token: a browser may come back with an old cookie. */
const entryLife = 86_400

/** A record in force, and where isolates agree on it. */
export interface Standing extends FoundRecord {
  /** What the coordinator keeps of its refresh token, where there is one; `version` null where that is nothing yet. */
  readonly entry?: { readonly kv: Kv; readonly name: string; readonly version: string | null }
}

/** Whether isolates can agree on who sends a refresh token. */
export function isCoordinated({ consistency, coordinator }: TokenStorage): boolean {
  return consistency === 'strong' || coordinator !== undefined
}

/** Reads what is in force under a key. Throws `storage_failed`. */
export async function readInForce(
  context: DanceContext,
  storage: TokenStorage,
  key: FoundRecord['key'],
): Promise<Standing | null> {
  const found = await readRecord(context, storage, key, { fresh: true })
  return found && inForce(context, storage, found)
}

/**
 * What is in force in the place of a record: its refresh token may be spent, though storage or cookie still show it.
 * This isolate knows for a minute, a coordinator for a day. Throws `storage_failed`.
 */
export async function inForce(
  context: DanceContext,
  { consistency, coordinator: kv }: TokenStorage,
  found: FoundRecord,
): Promise<Standing> {
  let standing: Standing = found
  for (let hop = 0; hop < mostHops; hop++) {
    const { refreshToken } = standing.record.token
    if (refreshToken === undefined || standing.record.ended) break
    const name = await context.seals.mac(refreshToken)
    const known = context.spent.get(name)
    if (known && known.until > Date.now()) {
      // a strong storage knows more than this isolate of what it shows itself: another's claim, for instance
      if (consistency !== 'strong' || isLater(known.record, standing.record)) {
        standing = { ...found, record: overtake(standing.record, known.record) }
      }
      if (standing.record.token.refreshToken !== refreshToken) continue
    }
    if (!kv) break
    const entry = { kv, name, version: null }
    standing = await readEntry(context, { ...found, record: standing.record, entry })
    if (standing.record.token.refreshToken === refreshToken) break
  }
  return standing
}

/** Reads what the coordinator keeps of a record's refresh token. Throws `storage_failed`. */
export async function readEntry(context: DanceContext, standing: Standing): Promise<Standing> {
  const { entry, record, key } = standing
  if (!entry) return standing
  const { kv, name } = entry
  const kept = await ask(context, () => kv.get(entryKey(name)), key.provider)
  const opened =
    kept && (await context.seals.open(binding(standing), kept.value, isConnectionRecord))
  return {
    ...standing,
    record: opened ? overtake(record, opened.data) : record,
    entry: { kv, name, version: kept?.version ?? null },
  }
}

/**
 * Writes where isolates agree: into the coordinator's entry, else the storage; what lives in cookies is left to the
 * visits. Throws `storage_failed`, `token_too_large`.
 */
export async function writeInForce(
  context: DanceContext,
  storage: TokenStorage,
  standing: Standing,
  record: ConnectionRecord,
): Promise<Standing | 'conflict'> {
  const { entry, key, version: ifVersion } = standing
  if (!entry) {
    if (storage.consistency === 'request') return { ...standing, record }
    const outcome = await writeRecord(context, storage, key, record, { ifVersion })
    return typeof outcome === 'string' ? 'conflict' : { ...standing, ...outcome, record }
  }
  const expiresAt = now() + entryLife
  const value = await context.seals.seal(binding(standing), record, expiresAt)
  const o = { ifVersion: entry.version, expiresAt }
  const outcome = await ask(
    context,
    () => entry.kv.put(entryKey(entry.name), value, o),
    key.provider,
  )
  return outcome === 'conflict' ? outcome : { ...standing, record, entry: { ...entry, ...outcome } }
}

// Whether an answer came that is not shown, at least to the refresh token.
function isLater({ obtainedAt, token }: ConnectionRecord, shown: ConnectionRecord): boolean {
  return obtainedAt > shown.obtainedAt || token.refreshToken !== shown.token.refreshToken
}

// What came later holds; of a login since then that kept the refresh token, only that is overtaken; one
// that was given it again is not over with the grant before.
function overtake(shown: ConnectionRecord, next: ConnectionRecord): ConnectionRecord {
  if (next.obtainedAt >= shown.obtainedAt) return next
  const { claim, ended, grant, token } = next
  const { refreshToken } = token
  return {
    ...shown,
    token: { ...shown.token, ...(refreshToken !== undefined && { refreshToken }) },
    ...(claim && { claim }),
    ...(ended && grant === shown.grant && { ended }),
  }
}

function entryKey(name: string): { group: string; name: string } {
  return { group: `refresh.${name}`, name: 'record' }
}

function binding({ key, entry }: Standing) {
  return { purpose: 'token', name: entry?.name ?? '', provider: key.provider } as const
}
