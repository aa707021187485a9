import type { DanceContext } from './context.ts'
import { within } from './deadline.ts'
import { DanceError, definedOf, kindOf } from './errors.ts'
import { type ConnectionRecord, isConnectionRecord } from './record-shapes.ts'
import type { Binding, Opened } from './seal.ts'
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

/** What a storage keeps of a connection, still sealed. */
export interface FoundValue {
  readonly key: Required<ConnectionKey>
  readonly value: string
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
  const found = await readValue(context, storage, key, o)
  const record = found && (await openRecord(context, storage, found))
  // a cookie answers with the one account it holds, whichever was asked for
  const isAsked = !key.account || key.account === record?.account
  return record && isAsked ? { key: found.key, record, version: found.version } : null
}

/** Reads what stands under a key, whatever it holds. Throws `storage_failed`. */
export async function readValue(
  context: DanceContext,
  storage: TokenStorage,
  key: ConnectionKey,
  o: { fresh?: boolean },
): Promise<FoundValue | null> {
  const get = async () => {
    const found = await storage.get(key, o)
    // its seal is held against what was asked for: a storage that takes two owners for one must not make them one
    return found && { ...found, key: { ...key, account: found.key.account } }
  }
  return ask(context, get, key.provider)
}

/** Opens what was read; null where it is over, or made for another issuer or client. Throws `storage_failed`. */
export async function openRecord(
  context: DanceContext,
  storage: TokenStorage,
  found: FoundValue,
): Promise<ConnectionRecord | null> {
  const opened = await openValue(context, storage, found)
  const client = context.clients.get(found.key.provider)
  if (!client || !opened || (opened.exp !== 0 && opened.exp <= now())) return null
  const { clientId, issuer } = opened.data.stamp
  const isOurs = clientId === client.knownId && issuer === client.protocol.issuerOf(client)
  return isOurs ? opened.data : null
}

/** Opens what was read, whoever it was made for; in a cookie, null for what cannot be opened. Throws `storage_failed`. */
export async function openValue(
  { seals }: DanceContext,
  storage: TokenStorage,
  { key, value }: FoundValue,
): Promise<Opened<ConnectionRecord> | null> {
  const opened = await seals.open(bindingOf(key), value, isConnectionRecord)
  if (opened || storage.consistency === 'request') return opened
  throw storageFailed('it holds a record that cannot be opened', key.provider)
}

/** Lists keys, page by page, and all of them without a limit. Throws `storage_failed`. */
export async function* listPages(
  context: DanceContext,
  storage: TokenStorage,
  query: Parameters<TokenStorage['list']>[0],
  o: { after?: string; limit?: number } = {},
): AsyncGenerator<Awaited<ReturnType<TokenStorage['list']>>> {
  let { after, limit } = o
  do {
    const asked = definedOf({ after, limit })
    const page = await ask(context, () => storage.list(query, asked))
    yield page
    after = page.after
    limit &&= Math.max(0, limit - page.keys.length)
  } while (after !== undefined && limit !== 0)
}

/** Seals and writes one record. Throws `storage_failed`, `token_too_large`, `cannot_persist`. */
export async function writeRecord(
  context: DanceContext,
  storage: TokenStorage,
  key: Required<ConnectionKey>,
  record: ConnectionRecord,
  o: { ifVersion?: string | null; exclusive?: boolean } = {},
): Promise<{ version: string } | 'conflict' | 'account_in_use'> {
  const { provider } = key
  const inCookies = storage.consistency === 'request'
  const dies = inCookies || key.owner.startsWith('browser:')
  const exp = dies ? now() + context.config.cookie.maxAge : 0
  const value = await context.seals.seal(bindingOf(key), record, exp)
  // cookies hold less, and say what to do
  if (value.length > largestValue && !inCookies) {
    const message = `Cannot keep the token of "${provider}": sealed it exceeds ${largestValue} octets`
    throw new DanceError('token_too_large', message, { provider })
  }
  const { connectedAt, dueAt, token } = record
  const stored = {
    value,
    connectedAt,
    ...(exp !== 0 && { expiresAt: exp }),
    // of a connection that is over nothing is due
    ...(dueAt !== undefined && token.refreshToken !== undefined && { dueAt }),
  }
  return ask(context, () => storage.put(key, stored, o), provider)
}

/** Deletes one record, twice tried. Throws `storage_failed`, `cannot_persist`. */
export async function deleteRecord(
  context: DanceContext,
  storage: TokenStorage,
  key: Required<ConnectionKey>,
): Promise<void> {
  const attempt = () => ask(context, () => storage.delete(key), key.provider)
  await attempt().catch(attempt)
}

/**
 * Whether a cookie holding this record could be saved now: writes it as it is, which sets nothing.
 * Throws `cannot_persist`, before anything is spent.
 */
export async function probeCookies(storage: TokenStorage, key: ConnectionKey): Promise<void> {
  const found = await storage.get(key)
  if (found) await storage.put(found.key, { value: found.value, connectedAt: 0 })
}

/** Calls a storage with a deadline; what it throws becomes `storage_failed`, unless it is an error of ours. */
export async function ask<T>(
  { config }: DanceContext,
  call: () => Promise<T>,
  provider?: string,
): Promise<T> {
  const late = () => storageFailed('it gave no answer', provider)
  try {
    return await within(call, config.timeout, late)
  } catch (error) {
    if (error instanceof DanceError) throw error
    throw storageFailed('it threw', provider, { name: kindOf(error) })
  }
}

/** The error for a storage that does not do what it should. */
export function storageFailed(reason: string, provider?: string, cause?: object): DanceError {
  return new DanceError('storage_failed', `Cannot use the storage: ${reason}`, { provider, cause })
}

// A cookie does not know its account: the seal holds it.
function bindingOf(key: Required<ConnectionKey>): Binding {
  return { purpose: 'token', name: key.provider, ...key }
}
