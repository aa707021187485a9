import { randomId } from './base64url.ts'
import { browserOwner, keepBrowserOwner } from './connection-key.ts'
import type { DanceContext } from './context.ts'
import { cannotConnect } from './errors.ts'
import { inForce } from './in-force.ts'
import { mergeLogin } from './merge-record.ts'
import type { Grant, ProviderClient } from './protocol/protocol.ts'
import type { ConnectionRecord, Owner } from './record-shapes.ts'
import {
  deleteRecord,
  type FoundRecord,
  type FoundValue,
  openRecord,
  readRecord,
  readValue,
  storageFailed,
  writeRecord,
} from './records.ts'
import type { ConnectionKey, TokenStorage } from './storage.ts'
import type { VisitState } from './visit.ts'

const mostConflicts = 10

/** A login that the app has accepted. */
export interface AcceptedLogin {
  readonly owner: Owner
  readonly grant: Grant
  readonly requested: readonly string[]
  readonly replaces?: ConnectionKey | null
}

/** What a login stored, and what stood there before: its record where it opens. */
export interface StoredLogin {
  readonly found: FoundRecord
  readonly replaced: FoundValue | null
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
  login: AcceptedLogin,
): Promise<StoredLogin> {
  const { storage } = visit
  const { name: provider } = client
  const { account } = login.grant
  if (login.owner !== 'browser:' || storage.consistency === 'request') {
    const key = { provider, owner: login.owner, account }
    if (storage.consistency === 'request') key.account = ''
    return write(context, storage, client, key, key, login)
  }
  const held = await browserOwner(context, visit, provider)
  const former = held ? { provider, owner: held } : (login.replaces ?? null)
  // a random id, new with every login: nothing from before it opens the connection
  const key = { provider, owner: `browser:${randomId()}`, account }
  const stored = await write(context, storage, client, key, former, login)
  await keepBrowserOwner(context, visit, provider, key.owner)
  if (stored.replaced) {
    // a refresh of it may be on its way: what that brings is not for giving back either
    const spent = stored.previous?.token.refreshToken
    const flight = spent && context.flights.get(await context.seals.mac(spent))
    if (flight) flight.heir = key
    // ended, not revoked: many providers would end the new grant with it
    const ending = deleteRecord(context, storage, stored.replaced.key)
    context.events.background({ visit, provider }, ending)
    await ending.catch(() => {}) // the background reports it
  }
  return stored
}

async function write(
  context: DanceContext,
  storage: TokenStorage,
  client: ProviderClient,
  key: Required<ConnectionKey>,
  former: ConnectionKey | null,
  { owner, grant, requested }: AcceptedLogin,
): Promise<StoredLogin> {
  for (let attempt = 0; attempt < mostConflicts; attempt++) {
    const replaced = former && (await readValue(context, storage, former, { fresh: true }))
    // what cannot be opened is replaced all the same
    const opening = replaced && openRecord(context, storage, replaced).catch(() => null)
    const previous = await opening
    // a refresh token that is kept must be the one in force: a late answer may have brought back an older cookie
    const keeps = replaced && previous && grant.token.refreshToken === undefined
    const latest = keeps ? await inForce(context, storage, { ...replaced, record: previous }) : null
    const record = mergeLogin(client, latest?.record ?? previous, grant, requested)
    const o = {
      ifVersion: key === former && replaced ? replaced.version : null,
      exclusive: owner !== 'browser:' && key.account !== '',
    }
    const outcome = await writeRecord(context, storage, key, record, o).catch(async (error) => {
      // a write that threw may have happened
      const current = await readRecord(context, storage, key, { fresh: true }).catch(() => null)
      const { grant: id, connectedAt } = current?.record ?? {}
      if (current && id === record.grant && connectedAt === record.connectedAt) return current
      throw error
    })
    if (outcome === 'account_in_use') {
      throw cannotConnect(outcome, 'this account belongs to another user here')
    }
    if (outcome !== 'conflict') {
      return { found: { key, record, version: outcome.version }, replaced, previous }
    }
  }
  throw storageFailed('the record changed all the while', client.name)
}
