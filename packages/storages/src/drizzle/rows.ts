import type { Column } from 'drizzle-orm'
import type { ConnectionKey, StoredValue } from 'fetch-dance'

type Key = Required<ConnectionKey>

/** A record as the table holds it, by the names of the columns. */
export interface Row {
  key: string
  provider: string
  ownerKind: string
  ownerId: string
  owner?: unknown
  account: string
  ownerKey: string
  accountKey: string
  exclusiveKey?: string
  sessionKey: string | null
  value: string
  version: string
  connectedAt: number
  dueAt: number | null
  expiresAt: number | null
}

/** The columns that tell whose record a row is. */
export const identity = ['key', 'provider', 'ownerKind', 'ownerId', 'account'] as const

/** Owners whose accounts nobody else may hold. */
export const namedKinds: readonly string[] = ['user', 'app']

/** The row of a record, with a version of its own; `ownerColumn` is the app's column for its users, if it has one. */
export async function rowOf(key: Key, record: StoredValue, ownerColumn?: Column): Promise<Row> {
  const { provider, owner, account } = key
  const { value, connectedAt, dueAt = null, session, expiresAt = null } = record
  const { kind, id } = splitOwner(owner)
  return {
    key: await hash(provider, owner, account),
    provider: encode(provider),
    ownerKind: kind,
    ownerId: encode(id),
    ...(ownerColumn && { owner: kind === 'user' ? ownIdOf(id, ownerColumn) : null }),
    account: encode(account),
    ownerKey: await hash(owner),
    accountKey: await hash(provider, account),
    sessionKey: session === undefined ? null : await hash(provider, session),
    value: encode(value),
    version: hex(crypto.getRandomValues(new Uint8Array(16))),
    connectedAt,
    dueAt,
    expiresAt,
  }
}

/** The key of a row. */
export function keyOf({ provider, ownerKind, ownerId, account }: Pick<Row, Identity>): Key {
  const id = decode(ownerId)
  const owner = ownerKind === '' ? id : `${ownerKind}:${id}`
  return { provider: decode(provider), owner, account: decode(account) }
}

type Identity = (typeof identity)[number]

/** What stands before the first colon of an owner, and after it. */
function splitOwner(owner: string): { kind: string; id: string } {
  const [, kind = '', id = owner] = /^(user|app|browser):(.*)$/s.exec(owner) ?? []
  return { kind, id }
}

/** An id as the app's own column takes it. Throws where no value of its type is written so. */
function ownIdOf(id: string, { dataType }: Column): unknown {
  if (dataType !== 'number' && dataType !== 'bigint') return id
  if (/^-?\d+$/.test(id)) {
    const whole = dataType === 'number' ? Number(id) : BigInt(id)
    if (String(whole) === id) return whole
  }
  throw new TypeError(`Cannot store: the owner's id is no ${dataType}, as the column "owner" wants`)
}

/** SHA-256 of a list of texts, in hex: of digits that no collation takes for others. */
export async function hash(...texts: readonly string[]): Promise<string> {
  // JSON keeps apart what could be cut elsewhere, and lone surrogates
  const octets = new TextEncoder().encode(JSON.stringify(texts))
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', octets)))
}

/** A text as databases keep it whole: the inside of a JSON string, without NUL and anything else beyond ASCII. */
export function encode(text: string): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(/[^ -~]/g, escaped)
}

export function decode(ascii: string): string {
  return JSON.parse(`"${ascii}"`)
}

function hex(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('')
}
