import { connectionKey, sealBrowserOwner } from './connection-key.ts'
import type { ConnectionParts } from './connection-parts.ts'
import type { DanceContext } from './context.ts'
import { resolveOwner } from './owner.ts'
import { readRecord, writeRecord } from './records.ts'
import { cookieStorage } from './sealed-cookie-storage.ts'
import type { VisitState } from './visit.ts'

/** Where a connection is kept, and what is there. */
type Place = Pick<ConnectionParts, 'storage' | 'key' | 'found'>

/** Finds a connection of the visit's owner. Throws `storage_failed`, `owner_failed`, `origin_*`. */
export async function findConnection(
  context: DanceContext,
  visit: VisitState,
  provider: string,
  account?: string,
): Promise<Place> {
  const { storage } = visit
  const left = await takeOver(context, visit, provider, account)
  const key = await connectionKey(context, visit, provider, account)
  const found = key && (await readRecord(context, storage, key))
  return found || !left ? { storage, key, found } : left
}

/**
 * Moves what an app left in a cookie when it came to keep tokens on the server, and deletes the cookie. Where none can
 * be set, it is used as it stands.
 */
async function takeOver(
  context: DanceContext,
  visit: VisitState,
  provider: string,
  account = '',
): Promise<Place | null> {
  const maker = await resolveOwner(context, visit)
  if (maker === '' || visit.storage.consistency === 'request') return null
  const storage = cookieStorage(visit.cookies)
  // its seal opens for the owner it was made for, and for no other
  const found = await readRecord(context, storage, { provider, owner: maker, account })
  if (!found || !visit.open) return found && { storage, key: found.key, found }
  const { record } = found
  const isNamed = maker !== 'browser:'
  // requests that come at once, and copies of the cookie, lead to one record
  const owner = isNamed ? maker : maker + (await context.seals.mac(record.grant))
  const key = { provider, owner, account: record.account }
  const o = { ifVersion: null, exclusive: isNamed && record.account !== '' }
  const outcome = await writeRecord(context, visit.storage, key, record, o)
  if (outcome === 'account_in_use') return null
  // sealed before: what is in the cookie changes in one step, whenever the visit ends
  const value = isNamed ? '' : await sealBrowserOwner(context, provider, owner)
  await (value ? storage.put(found.key, { value, connectedAt: 0 }) : storage.delete(found.key))
  return null
}
