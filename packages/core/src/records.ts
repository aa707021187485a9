import type { DanceContext } from './context.ts'
import { within } from './deadline.ts'
import { DanceError } from './errors.ts'
import type { ProviderClient } from './protocol/protocol.ts'
import { type ConnectionRecord, isConnectionRecord } from './record-shapes.ts'
import type { Binding } from './seal.ts'
import type { ConnectionKey, TokenStorage } from './storage.ts'
import { now } from './token.ts'

/** Octets of a sealed value that any storage keeps. */
const largestValue = 49_152

/** A record as it was found. */
export interface FoundRecord {
  readonly key: Required<ConnectionKey>
  readonly record: ConnectionRecord
  readonly version: string
}

/**
 * Reads and opens one record. One made for another issuer or client counts as absent: its token is never sent there.
 * Throws `storage_failed`; in a cookie, what cannot be opened is absent.
 */
export async function readRecord(
  context: DanceContext,
  storage: TokenStorage,
  key: ConnectionKey,
  o: { fresh?: boolean } = {},
): Promise<FoundRecord | null> {
  const found = await findValue(context, storage, key, o)
  const record = found && (await openRecord(context, storage, found))
  // a cookie answers with the one account it holds, whichever was asked for
  const isAsked = !key.account || key.account === record?.account
  return record && isAsked ? { key: found.key, record, version: found.version } : null
}

/**
 * Reads what a login is about to replace: its version whatever it holds, its record where it opens.
 * Throws `storage_failed` where the storage fails.
 */
export async function readReplaced(
  context: DanceContext,
  storage: TokenStorage,
  key: ConnectionKey,
): Promise<{ version: string | null; record: ConnectionRecord | null }> {
  const found = await findValue(context, storage, key, { fresh: true })
  if (!found) return { version: null, record: null }
  const record = await openRecord(context, storage, found).catch(() => null) // a new login replaces it
  return { version: found.version, record }
}

// The seal is held against what was asked for: a storage that takes two owners for one must not make them one.
async function findValue(
  context: DanceContext,
  storage: TokenStorage,
  key: ConnectionKey,
  o: { fresh?: boolean },
): Promise<{ key: Required<ConnectionKey>; value: string; version: string } | null> {
  return ask(context, key, 'read', async () => {
    const found = await storage.get(key, o)
    return found && { ...found, key: { ...key, account: found.key.account } }
  })
}

async function openRecord(
  context: DanceContext,
  storage: TokenStorage,
  found: { key: Required<ConnectionKey>; value: string },
): Promise<ConnectionRecord | null> {
  const { key } = found
  const opened = await context.seals.open(bindingOf(key), found.value, isConnectionRecord)
  if (!opened) {
    if (storage.consistency === 'request') return null
    throw storageFailed(key, 'read', 'the record cannot be opened')
  }
  if (opened.exp !== 0 && opened.exp <= now()) return null
  const client = context.clients.get(key.provider)
  return client && isStampOf(client, opened.data) ? opened.data : null
}

/** Seals and writes one record. Throws `storage_failed`, `token_too_large`, `cannot_persist`. */
export async function writeRecord(
  context: DanceContext,
  storage: TokenStorage,
  key: Required<ConnectionKey>,
  record: ConnectionRecord,
  o: { ifVersion?: string | null; exclusive?: boolean } = {},
): Promise<{ version: string } | 'conflict' | 'account_in_use'> {
  const lasts = storage.consistency !== 'request' && !key.owner.startsWith('browser:')
  const exp = lasts ? 0 : now() + context.config.cookie.maxAge
  const value = await context.seals.seal(bindingOf(key), record, exp)
  // cookies hold less, and say what to do
  if (value.length > largestValue && storage.consistency !== 'request') {
    const message = `Cannot keep the token of "${key.provider}": sealed it is larger than ${largestValue} octets`
    throw new DanceError('token_too_large', message, { provider: key.provider })
  }
  const stored = { value, connectedAt: record.connectedAt, ...(exp !== 0 && { expiresAt: exp }) }
  return ask(context, key, 'write', () => storage.put(key, stored, o))
}

/** Deletes one record, twice tried. Throws `storage_failed`. */
export async function deleteRecord(
  context: DanceContext,
  storage: TokenStorage,
  key: Required<ConnectionKey>,
): Promise<void> {
  const attempt = () => ask(context, key, 'delete', () => storage.delete(key))
  await attempt().catch((error: DanceError) => {
    if (error.code === 'cannot_persist') throw error
    return attempt()
  })
}

/**
 * Whether a cookie holding this record could be saved now: writes it as it is, which sets nothing.
 * Throws `cannot_persist`, before anything is spent.
 */
export async function probeCookies(storage: TokenStorage, key: ConnectionKey): Promise<void> {
  const found = await storage.get(key)
  if (!found) return
  await storage.put(found.key, { value: found.value, connectedAt: 0 })
}

/** Calls a storage with a deadline; what it throws becomes `storage_failed`, unless it is an error of ours. */
export async function ask<T>(
  context: DanceContext,
  key: { provider?: string },
  what: string,
  call: () => Promise<T>,
): Promise<T> {
  const late = () => storageFailed(key, what, 'the storage gave no answer')
  const answer = Promise.resolve().then(call)
  return within(answer, context.config.timeout, late).catch((error: unknown) => {
    if (error instanceof DanceError) throw error
    const name = error instanceof Error ? error.name : typeof error
    throw storageFailed(key, what, 'the storage threw', { name })
  })
}

function storageFailed(
  { provider }: { provider?: string },
  what: string,
  reason: string,
  cause?: object,
): DanceError {
  const which = provider === undefined ? 'connections' : `the connection of "${provider}"`
  const message = `Cannot ${what} ${which}: ${reason}`
  return new DanceError('storage_failed', message, { provider, cause })
}

// A cookie does not know its account: the seal holds it.
function bindingOf(key: Required<ConnectionKey>): Binding {
  const { provider, owner, account } = key
  return { purpose: 'token', name: provider, provider, owner, account }
}

function isStampOf(client: ProviderClient, { stamp }: ConnectionRecord): boolean {
  return stamp.clientId === client.knownId && stamp.issuer === client.protocol.issuerOf(client)
}
