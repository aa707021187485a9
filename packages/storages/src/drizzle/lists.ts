import { and, eq, gt, lt, or, type SQL } from 'drizzle-orm'
import type { ConnectionKey, TokenStorage } from 'fetch-dance'
import type { ConnectionTable } from './columns.ts'
import { hash, type Row } from './rows.ts'

type Query = Parameters<TokenStorage['list']>[0]

/** The rows that a list asks for. */
export async function isListed(table: ConnectionTable, query: Query): Promise<SQL | undefined> {
  if ('dueBefore' in query) return lt(table.dueAt, query.dueBefore)
  if ('session' in query) return eq(table.sessionKey, await hash(query.provider, query.session))
  if ('account' in query) return eq(table.accountKey, await hash(query.provider, query.account))
  return 'owner' in query ? eq(table.ownerKey, await hash(query.owner)) : undefined
}

/** Where the next page goes on: lists go by key, those of what is due by date and key. */
export function placeOf({ key, dueAt }: Pick<Row, 'key' | 'dueAt'>, query: Query): string {
  return 'dueBefore' in query ? `${key}@${dueAt}` : key
}

/** The rows behind such a place; all of them without one. */
export function isBehind(table: ConnectionTable, place: string | undefined): SQL | undefined {
  if (place === undefined) return undefined
  const [key = '', date] = place.split('@')
  const isFurther = gt(table.key, key)
  if (date === undefined) return isFurther
  const dueAt = Number(date)
  return or(gt(table.dueAt, dueAt), and(eq(table.dueAt, dueAt), isFurther))
}

/** Whether a key has what was asked for of its parts: the database compares by rules of its own. */
export function isLike(found: Required<ConnectionKey>, asked: object): boolean {
  const { provider, owner, account }: Partial<ConnectionKey> = asked
  return (
    (provider === undefined || provider === found.provider) &&
    (owner === undefined || owner === found.owner) &&
    (account === undefined || account === found.account)
  )
}
