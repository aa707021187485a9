import { type Column, type ColumnBuilderBase, entityKind, type Table } from 'drizzle-orm'
// Not the folders' own entries, which load every kind of column of a dialect
import { customType as mysqlType } from 'drizzle-orm/mysql-core/columns/custom'
import { customType as pgType } from 'drizzle-orm/pg-core/columns/custom'
import { customType as sqliteType } from 'drizzle-orm/sqlite-core/columns/custom'
import { DanceError } from 'fetch-dance'

/** A column that becomes one of the dialect of the table it is put into. */
export interface ConnectionColumn<Data, NotNull extends boolean> {
  readonly _: {
    brand: 'ColumnBuilder'
    name: string
    dataType: Data extends number ? 'number' : 'string'
    columnType: string
    data: Data
    driverParam: Data
    notNull: NotNull
    hasDefault: false
    enumValues: undefined
    identity: undefined
    generated: undefined
    /** Drizzle's tables take columns of their own dialect; this one fits each. */
    dialect: never
  }
}

/** The columns that {@link connectionColumns} brings. Times are seconds since epoch. */
// No interface: those have no index signature, which Drizzle's tables ask for
export type ConnectionColumns = {
  /** SHA-256 of provider, owner and account: what a database takes for the same is not the same here. */
  readonly key: ConnectionColumn<string, true>
  readonly provider: ConnectionColumn<string, true>
  /** `user`, `app` or `browser`; '' for a finished flow, which belongs to nobody. */
  readonly ownerKind: ConnectionColumn<string, true>
  /** The owner's id, and as in a JSON string what is not printable ASCII. */
  readonly ownerId: ConnectionColumn<string, true>
  /** The account at the provider, written as `ownerId` is. */
  readonly account: ConnectionColumn<string, true>
  /** SHA-256 of the owner. */
  readonly ownerKey: ConnectionColumn<string, true>
  /** SHA-256 of provider and account. */
  readonly accountKey: ConnectionColumn<string, true>
  /** `accountKey` where nobody else may hold the account; unique, so the database decides who was first. */
  readonly exclusiveKey: ConnectionColumn<string, false>
  /** SHA-256 of provider and session. */
  readonly sessionKey: ConnectionColumn<string, false>
  /** The connection, sealed. */
  readonly value: ConnectionColumn<string, true>
  /** Random, new with every write. */
  readonly version: ConnectionColumn<string, true>
  readonly connectedAt: ConnectionColumn<number, true>
  readonly dueAt: ConnectionColumn<number, false>
  readonly expiresAt: ConnectionColumn<number, false>
}

/** A table that holds {@link ConnectionColumns}, and any others. */
export type ConnectionTable = Table & { readonly [Name in keyof ConnectionColumns]: Column } & {
  readonly owner?: Column
}

export type Dialect = 'pg' | 'mysql' | 'sqlite'

/**
 * The columns of connections, for a `pgTable`, `mysqlTable` or `sqliteTable` of the app's own, alone or beside others.
 *
 * @param o `owner`: a column that refers to the app's users, of any type that `String()` makes the owner's id from. It
 * has to allow NULL: what belongs to a browser or to the app has no user.
 * @returns The columns; `key` and `exclusiveKey` are unique.
 * @example
 * ```ts
 * import { connectionColumns } from '@fetch-dance/storages/drizzle'
 * import { integer, pgTable, serial } from 'drizzle-orm/pg-core'
 *
 * const users = pgTable('users', { id: serial('id').primaryKey() })
 * const owner = integer('user_id').references(() => users.id, { onDelete: 'cascade' })
 * const connections = pgTable('connections', { ...connectionColumns({ owner }) })
 * ```
 */
export function connectionColumns(): ConnectionColumns
export function connectionColumns<Owner extends ColumnBuilderBase>(o: {
  readonly owner: Owner['_'] extends { notNull: true } ? never : Owner
}): ConnectionColumns & { readonly owner: Owner }
export function connectionColumns({ owner }: { owner?: object } = {}): object {
  return {
    key: column('key', 'short', { unique: true, notNull: true }),
    provider: column('provider', 'text', { notNull: true }),
    ownerKind: column('owner_kind', 'short', { notNull: true }),
    ownerId: column('owner_id', 'text', { notNull: true }),
    ...(owner && { owner }),
    account: column('account', 'text', { notNull: true }),
    ownerKey: column('owner_key', 'short', { notNull: true }),
    accountKey: column('account_key', 'short', { notNull: true }),
    exclusiveKey: column('exclusive_key', 'short', { unique: true }),
    sessionKey: column('session_key', 'short'),
    value: column('value', 'text', { notNull: true }),
    version: column('version', 'short', { notNull: true }),
    connectedAt: column('connected_at', 'time', { notNull: true }),
    dueAt: column('due_at', 'time'),
    expiresAt: column('expires_at', 'time'),
  }
}

/** The dialect of a table. Throws `option_invalid` for one that is not supported. */
export function dialectOf(table: Table): Dialect {
  const dialect = dialects.get(Reflect.get(table.constructor, entityKind))
  if (dialect) return dialect
  const reason = 'its table is none of PostgreSQL, MySQL and SQLite'
  throw new DanceError('option_invalid', `Cannot use the storage "drizzle": ${reason}`)
}

const dialects: ReadonlyMap<unknown, Dialect> = /* @__PURE__ */ new Map([
  ['PgTable', 'pg'],
  ['MySqlTable', 'mysql'],
  ['SQLiteTable', 'sqlite'],
])

type Kind = 'short' | 'text' | 'time'

/** Times are doubles: a provider may give a life in fractions. */
const types: Readonly<Record<Dialect, Readonly<Record<Kind, string>>>> = {
  pg: { short: 'varchar(64)', text: 'text', time: 'double precision' },
  mysql: { short: 'varchar(64)', text: 'text', time: 'double' },
  sqlite: { short: 'text', text: 'text', time: 'real' },
}

const builders = {
  pg: (name: string, type: string) => pgType({ dataType: () => type })(name),
  mysql: (name: string, type: string) => mysqlType({ dataType: () => type })(name),
  sqlite: (name: string, type: string) => sqliteType({ dataType: () => type })(name),
}

/** What Drizzle's tables ask of a column's builder; its types do not tell. */
interface Builder {
  setName(name: string): void
  build(table: Table): Column
  buildForeignKeys(column: Column, table: Table): readonly object[]
  buildExtraConfigColumn(table: Table): Column
}

/** A column that learns its dialect from the table that builds it. */
function column(name: string, kind: Kind, o: { notNull?: true; unique?: true } = {}): Builder {
  const builderFor = (table: Table): Builder => {
    const dialect = dialectOf(table)
    const builder = builders[dialect](name, types[dialect][kind])
    if (o.notNull) builder.notNull()
    if (o.unique) builder.unique()
    // The methods are there; Drizzle's declarations leave them out
    return builder as object as Builder
  }
  return {
    setName: () => {}, // it has one
    build: (table) => builderFor(table).build(table),
    buildForeignKeys: () => [],
    buildExtraConfigColumn: (table) => builderFor(table).buildExtraConfigColumn(table),
  }
}
