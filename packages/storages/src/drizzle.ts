import { and, asc, desc, eq, gt, inArray, isNull, lt, lte, or, type SQL } from 'drizzle-orm'
import { DanceError, type TokenStorage } from 'fetch-dance'
import type { ConnectionTable } from './drizzle/columns.ts'
import { isBehind, isLike, isListed, placeOf } from './drizzle/lists.ts'
import { type DrizzleDatabase, queriesOf } from './drizzle/queries.ts'
import {
  decode,
  encode,
  hash,
  identity,
  keyOf,
  namedKinds,
  type Row,
  rowOf,
} from './drizzle/rows.ts'

export {
  type ConnectionColumn,
  type ConnectionColumns,
  type ConnectionTable,
  connectionColumns,
} from './drizzle/columns.ts'
export type { DrizzleDatabase } from './drizzle/queries.ts'

type Version = string | null | undefined

/** How many keys a list gives that names no limit. */
const pageSize = 100
/** How many expired records a new one that will expire takes away, and for how many seconds they have been expired. */
const garbage = { count: 20, age: 60 }

/**
 * Keeps connections in a table of the app's own, on PostgreSQL, MySQL, MariaDB, SQLite, libsql or D1. It is strong:
 * one statement decides who writes, and a unique column which named owner holds an account.
 *
 * @param db Drizzle's database, never a transaction. For MySQL and MariaDB it is over mysql2.
 * @param table A table with {@link connectionColumns}.
 * @returns The storage. Throws `option_invalid` for a transaction, for an `owner` column that does not allow NULL, and
 * for a table that is none of PostgreSQL's, MySQL's or SQLite's.
 * @example
 * ```ts
 * import { connectionColumns, drizzle as drizzleStorage } from '@fetch-dance/storages/drizzle'
 * import { createDance } from 'fetch-dance'
 * import { github } from '@fetch-dance/providers/github'
 * import { drizzle } from 'drizzle-orm/node-postgres'
 * import { pgTable } from 'drizzle-orm/pg-core'
 *
 * const connections = pgTable('connections', connectionColumns())
 * const dance = createDance({
 *   providers: { github: github() },
 *   storage: drizzleStorage(drizzle('postgres://localhost/app'), connections),
 * })
 * ```
 */
export function drizzle(db: DrizzleDatabase, table: ConnectionTable): TokenStorage {
  if (table.owner?.notNull) throw unusable('the column "owner" does not allow NULL')
  if ('rollback' in db) throw unusable('a transaction ends before it does')
  const { find, insert, update, remove } = queriesOf(db, table)
  const isLive = () => or(isNull(table.expiresAt), gt(table.expiresAt, now()))
  const isExpired = () => lte(table.expiresAt, now())

  async function write(row: Row, ifVersion: Version) {
    const over = (condition?: SQL) => update(row, and(eq(table.key, row.key), condition))
    let isWritten: boolean
    if (typeof ifVersion === 'string') {
      isWritten = await over(and(eq(table.version, ifVersion), isLive()))
    } else if (ifVersion === null) {
      isWritten = (await insert(row)) || (await over(isExpired()))
    } else {
      // The second time over what somebody else inserted in between
      isWritten = (await over()) || (await insert(row)) || (await over())
      if (!isWritten) throw new Error('Cannot store a connection: the table refuses the row')
    }
    return isWritten ? { version: row.version } : 'conflict'
  }

  /** The rows of named owners that have the account of a row, expired ones too. */
  function findHolders({ accountKey }: Row) {
    const where = and(eq(table.accountKey, accountKey), inArray(table.ownerKind, namedKinds))
    return find(['key', 'version', 'expiresAt'], where)
  }

  async function hasRival(row: Row) {
    const holders = await findHolders(row)
    return holders.some((holder) => holder.key !== row.key && !isOver(holder))
  }

  /** Writes what no other named owner may hold. The unique column decides who was first. */
  async function writeAlone(row: Row, ifVersion: Version) {
    const exclusiveKey = row.accountKey
    const holders = await findHolders(row)
    const live = holders.filter((holder) => !isOver(holder))
    const own = live.find(({ key }) => key === row.key)
    if (ifVersion !== undefined && ifVersion !== (own?.version ?? null)) return 'conflict'
    if (live.some((holder) => holder !== own)) return 'account_in_use'
    if (live.length < holders.length) {
      await remove(and(eq(table.exclusiveKey, exclusiveKey), isExpired()))
    }
    try {
      const outcome = await write({ ...row, exclusiveKey }, ifVersion)
      if (outcome !== 'conflict') return outcome
    } catch (error) {
      // Each driver has an error of its own for that; who holds the account now is the same everywhere
      if (await hasRival(row)) return 'account_in_use'
      throw error
    }
    return (await hasRival(row)) ? 'account_in_use' : 'conflict'
  }

  /** Nobody else collects what has expired: records that will expire take some away that have. */
  async function removeGarbage() {
    const isGarbage = lt(table.expiresAt, now() - garbage.age)
    const rows = await find(['key'], isGarbage, { limit: garbage.count })
    const keys = rows.map(({ key }) => key)
    if (keys.length > 0) await remove(and(inArray(table.key, keys), isGarbage))
  }

  return {
    consistency: 'strong',

    async get(asked) {
      const { provider, owner, account } = asked
      const where =
        account === undefined
          ? and(eq(table.ownerKey, await hash(owner)), eq(table.provider, encode(provider)))
          : eq(table.key, await hash(provider, owner, account))
      const [row] = await find([...identity, 'value', 'version'], and(where, isLive()), {
        orderBy: [desc(table.connectedAt), asc(table.key)],
        limit: 1,
      })
      const key = row && keyOf(row)
      if (!key || !isLike(key, asked)) return null
      return { key, value: decode(row.value), version: row.version }
    },

    async put(key, record, { ifVersion, exclusive = false } = {}) {
      const row = await rowOf(key, record, table.owner)
      const isAlone = exclusive && namedKinds.includes(row.ownerKind) && key.account !== ''
      const outcome = await (isAlone ? writeAlone : write)(row, ifVersion)
      // What is left now is taken away another time
      if (row.expiresAt !== null && ifVersion === null) await removeGarbage().catch(() => {})
      return outcome
    },

    async delete({ provider, owner, account }, { ifVersion } = {}) {
      const isKey = eq(table.key, await hash(provider, owner, account))
      const isVersion = ifVersion === undefined ? undefined : eq(table.version, ifVersion)
      return remove(and(isKey, isVersion, isLive()))
    },

    async list(query, { after, limit = pageSize } = {}) {
      const where = and(await isListed(table, query), isBehind(table, after), isLive())
      const orderBy = 'dueBefore' in query ? [asc(table.dueAt), asc(table.key)] : [asc(table.key)]
      const rows = await find([...identity, 'dueAt'], where, { orderBy, limit: limit + 1 })
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      return {
        keys: page.map(keyOf).filter((key) => isLike(key, query)),
        ...(last && rows.length > limit && { after: placeOf(last, query) }),
      }
    },
  }
}

function now(): number {
  return Date.now() / 1000
}

function isOver({ expiresAt }: Pick<Row, 'expiresAt'>): boolean {
  return expiresAt !== null && expiresAt <= now()
}

function unusable(reason: string): DanceError {
  return new DanceError('option_invalid', `Cannot use the storage "drizzle": ${reason}`)
}
