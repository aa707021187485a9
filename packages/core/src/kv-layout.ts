import type { ConnectionKey, KvKey, StoredValue, TokenStorage } from './storage.ts'

/** Where a record is listed besides its owner's group: groups, and the name it has in each. */
export interface KvIndex {
  [group: string]: { name: string; expiresAt?: number }
}

const longestPart = 60
const dueDigits = 12
/** How coarsely index entries expire, in seconds: they are not written anew at every renewal of a record. */
const month = 2_592_000

/** Where a record is kept: the records of one owner are one group. */
export async function placeOf({
  provider,
  owner,
  account,
}: Required<ConnectionKey>): Promise<KvKey> {
  const name = (await prefixOf(provider)) + (await encode(account))
  return { group: await ownerGroup(owner), name }
}

/** The group of an owner's records. */
export async function ownerGroup(owner: string): Promise<string> {
  return `owner~${await encode(owner)}`
}

/** What the names of a provider's records begin with, in the group of their owner. */
export async function prefixOf(provider: string): Promise<string> {
  return `${await encode(provider)}~`
}

/** Everywhere a record has to be listed. */
export async function indexOf(
  key: Required<ConnectionKey>,
  { session, dueAt, expiresAt }: StoredValue,
): Promise<KvIndex> {
  const { name } = await placeOf(key)
  const entry = {
    name: `${await encode(key.owner)}~${name}`,
    ...(expiresAt !== undefined && { expiresAt: Math.ceil(expiresAt / month + 1) * month }),
  }
  const { provider, account } = key
  const index = { all: entry, [await groupOf({ provider, account })]: entry }
  if (session !== undefined) index[await groupOf({ provider, session })] = entry
  if (dueAt === undefined) return index
  const seconds = Math.floor(Math.min(Math.max(dueAt, 0), 10 ** dueDigits - 1))
  const due = `${seconds}`.padStart(dueDigits, '0')
  return { ...index, due: { ...entry, name: `${due}~${entry.name}` } }
}

/** The group that answers a query. */
export async function groupOf(query: Parameters<TokenStorage['list']>[0]): Promise<string> {
  if ('owner' in query) return ownerGroup(query.owner)
  if ('dueBefore' in query) return 'due'
  if ('session' in query) {
    return `session~${await prefixOf(query.provider)}${await encode(query.session)}`
  }
  if (!('account' in query)) return 'all'
  return `account~${await prefixOf(query.provider)}${await encode(query.account)}`
}

/** The record that a name stands for; index entries end with the record's owner and name. */
export function placeListed(group: string, name: string): KvKey {
  if (group.startsWith('owner~')) return { group, name }
  const [owner, ...rest] = name.split('~').slice(-3)
  return { group: `owner~${owner}`, name: rest.join('~') }
}

// Two texts never share a name, even where a back end folds case or takes one mark for another: what is not a-z, 0-9
// or - becomes its code unit between two _, and what gets too long a hash, which alone begins with __.
async function encode(text: string): Promise<string> {
  const escaped = text.replace(/[^a-z0-9-]/g, (one) => `_${one.charCodeAt(0).toString(16)}_`)
  if (escaped.length <= longestPart) return escaped
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(escaped))
  const number = new Uint8Array(digest).reduce((sum, octet) => sum * 256n + BigInt(octet), 0n)
  return `__${number.toString(36)}`
}
