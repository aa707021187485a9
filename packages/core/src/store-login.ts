import { randomId } from './base64url.ts'
import { browserOwner, keepBrowserOwner } from './connection-key.ts'
import type { DanceContext } from './context.ts'
import { DanceError } from './errors.ts'
import { mergeLogin } from './merge-record.ts'
import type { Grant, ProviderClient } from './protocol/protocol.ts'
import type { ConnectionRecord, Owner } from './record-shapes.ts'
import { deleteRecord, type FoundRecord, readRecord, readReplaced, writeRecord } from './records.ts'
import type { ConnectionKey } from './storage.ts'
import type { VisitState } from './visit.ts'

const mostConflicts = 10

/** What a login stored, and what stood there before. */
export interface StoredLogin {
  readonly found: FoundRecord
  readonly previous: ConnectionRecord | null
}

/**
 * Stores what a finished login brought, merged with what stood there.
 * Throws `account_in_use`, `storage_failed`, `token_too_large`, `cannot_persist`; then nothing is stored.
 */
export async function storeLogin(
  context: DanceContext,
  visit: VisitState,
  client: ProviderClient,
  login: {
    owner: Owner
    grant: Grant
    requested: readonly string[]
    replaces?: ConnectionKey | null
  },
): Promise<StoredLogin> {
  const { storage } = visit
  if (login.owner !== 'browser:' || storage.consistency === 'request') {
    const account = storage.consistency === 'request' ? '' : login.grant.account
    const key = { provider: client.name, owner: login.owner, account }
    return write(context, visit, client, key, key, login)
  }
  const held = await browserOwner(context, visit, client.name)
  const replaced = held ? { provider: client.name, owner: held } : (login.replaces ?? null)
  // a random id, new with every login: nothing from before it opens the connection
  const owner = `browser:${randomId()}`
  const key = { provider: client.name, owner, account: login.grant.account }
  const stored = await write(context, visit, client, key, replaced, login)
  await keepBrowserOwner(context, visit, client.name, key.owner)
  if (replaced) {
    await nameHeir(context, stored.previous, key)
    // ended, not revoked: many providers would end the new grant with it
    const ending = endRecord(context, visit, replaced)
    context.events.background({ visit, provider: client.name }, ending)
    await ending.catch(() => {}) // the background reports it
  }
  return stored
}

async function write(
  context: DanceContext,
  visit: VisitState,
  client: ProviderClient,
  key: Required<ConnectionKey>,
  replacedKey: ConnectionKey | null,
  login: { owner: Owner; grant: Grant; requested: readonly string[] },
): Promise<StoredLogin> {
  const { storage } = visit
  for (let attempt = 0; attempt < mostConflicts; attempt++) {
    const replaced = replacedKey && (await readReplaced(context, storage, replacedKey))
    const previous = replaced?.record ?? null
    const record = mergeLogin(client, previous, login.grant, login.requested)
    const o = {
      ifVersion: key === replacedKey ? (replaced?.version ?? null) : null,
      exclusive: login.owner !== 'browser:' && key.account !== '',
    }
    const outcome = await writeRecord(context, storage, key, record, o).catch((error: unknown) =>
      readUnknown(context, visit, key, record, error),
    )
    if (outcome === 'account_in_use') throw accountInUse(client)
    if (outcome === 'conflict') continue
    return { found: { key, record, version: outcome.version }, previous }
  }
  const message = `Cannot write the connection of "${client.name}": it changed all the while`
  throw new DanceError('storage_failed', message)
}

// A write that threw may have happened: read again.
async function readUnknown(
  context: DanceContext,
  visit: VisitState,
  key: Required<ConnectionKey>,
  record: ConnectionRecord,
  error: unknown,
): Promise<{ version: string }> {
  if (!(error instanceof DanceError) || error.code !== 'storage_failed') throw error
  const current = await readRecord(context, visit.storage, key, { fresh: true }).catch(() => null)
  if (current?.record.token.accessToken !== record.token.accessToken) throw error
  return { version: current.version }
}

// A refresh of the record that goes may be on its way: what it brings is not for giving back either.
async function nameHeir(
  { flights, seals }: DanceContext,
  previous: ConnectionRecord | null,
  heir: Required<ConnectionKey>,
): Promise<void> {
  const spent = previous?.token.refreshToken
  const flight = spent && flights.get(await seals.mac(spent))
  if (flight) flight.heir = heir
}

async function endRecord(
  context: DanceContext,
  visit: VisitState,
  key: ConnectionKey,
): Promise<void> {
  const found = await visit.storage.get(key, { fresh: true })
  if (found) await deleteRecord(context, visit.storage, found.key)
}

function accountInUse(client: ProviderClient): DanceError {
  const message = `Cannot connect: this account of "${client.name}" belongs to another user here`
  return new DanceError('account_in_use', message)
}
