import { groupOf } from './kv-layout.ts'
import { readListed } from './kv-records.ts'
import type { ConnectionKey, Kv, KvKey } from './storage.ts'
import { now } from './token.ts'

/** Seconds for which an account is kept for whoever is about to write its record. */
const reservationLife = 60

type Outcome = { version: string } | 'conflict'

/** Writes the first record of an account that no other named owner may have. */
export async function writeExclusively(
  kv: Kv,
  key: Required<ConnectionKey>,
  place: KvKey,
  write: () => Promise<Outcome>,
): Promise<Outcome | 'account_in_use'> {
  const reserved = { group: `reserved~${place.name}`, name: 'owner' }
  const version = await reserve(kv, reserved, place.group)
  if (version === null) return 'account_in_use'
  const release = () => kv.delete(reserved, { ifVersion: version }).catch(() => false)
  if (await hasRival(kv, key)) {
    await release()
    return 'account_in_use'
  }
  const outcome = await write() // where it throws it may yet happen: the reservation stays till it lapses
  if ((await release()) || outcome === 'conflict') return outcome
  // it lapsed on the way: whoever reserved the account then may not have seen this record
  const other = await kv.get(reserved)
  const isOurs = !other || other.value === place.group
  if (isOurs && !(await hasRival(kv, key))) return outcome
  await kv.delete(place) // whatever version: a write over this record took it for rightful
  return 'account_in_use'
}

/** Whether another named owner has the account. */
async function hasRival(kv: Kv, key: Required<ConnectionKey>): Promise<boolean> {
  const group = await groupOf({ provider: key.provider, account: key.account })
  let page: { after?: string } = {}
  do {
    const { names, ...next } = await kv.list(group, page)
    const records = await readListed(kv, group, names)
    const owners = records.flatMap((record) => record.key?.owner ?? [])
    if (owners.some((owner) => owner !== key.owner && isNamed(owner))) return true
    page = next
  } while (page.after !== undefined)
  return false
}

/** Whether an owner is a user of the app or the app itself; browsers may share an account. */
export function isNamed(owner: string): boolean {
  return /^(user|app):/.test(owner)
}

/** Keeps the others off; null where they were first. The same owner takes over: it has two logins under way. */
async function reserve(kv: Kv, place: KvKey, owner: string): Promise<string | null> {
  let held: { value: string; version: string } | null = null
  do {
    const o = { ifVersion: held?.version ?? null, expiresAt: now() + reservationLife }
    const put = await kv.put(place, owner, o)
    if (put !== 'conflict') return put.version
    held = await kv.get(place)
  } while (!held || held.value === owner)
  return null
}
