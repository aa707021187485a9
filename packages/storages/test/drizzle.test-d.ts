import { connectionColumns, drizzle } from '@fetch-dance/storages/drizzle'
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { LibSQLDatabase } from 'drizzle-orm/libsql'
import { int, mysqlTable } from 'drizzle-orm/mysql-core'
import type { MySql2Database } from 'drizzle-orm/mysql2'
import type { NodePgDatabase } from 'drizzle-orm/node-postgres'
import { index, integer, pgTable, serial, uuid } from 'drizzle-orm/pg-core'
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import { sqliteTable } from 'drizzle-orm/sqlite-core'
import type { TokenStorage } from 'fetch-dance'
import { expectTypeOf, test } from 'vitest'

const users = pgTable('users', { id: serial('id').primaryKey() })

test('connectionColumns() stands alone or beside columns of the app, and rows have its types', () => {
  const alone = pgTable('alone', connectionColumns())
  expectTypeOf<(typeof alone)['$inferSelect']['key']>().toEqualTypeOf<string>()
  expectTypeOf<(typeof alone)['$inferSelect']['dueAt']>().toEqualTypeOf<number | null>()
  const owner = integer('user_id').references(() => users.id)
  const beside = pgTable(
    'beside',
    { id: uuid('id').defaultRandom().primaryKey(), ...connectionColumns({ owner }) },
    (table) => [index().on(table.ownerKey)],
  )
  expectTypeOf<(typeof beside)['$inferSelect']['owner']>().toEqualTypeOf<number | null>()
  expectTypeOf<(typeof beside)['$inferSelect']['id']>().toEqualTypeOf<string>()
})

test('connectionColumns() takes no column of users that refuses NULL', () => {
  const owner = integer('user_id').notNull()
  // @ts-expect-error a flow belongs to no user
  connectionColumns({ owner })
})

test('drizzle() takes the databases of all drivers, and tables that have the columns', () => {
  const inPostgres = pgTable('connections', connectionColumns())
  const inMysql = mysqlTable('connections', connectionColumns({ owner: int('user_id') }))
  const inSqlite = sqliteTable('connections', connectionColumns())
  const storages = (databases: {
    pg: NodePgDatabase<{ users: typeof users }>
    postgres: PostgresJsDatabase
    mysql: MySql2Database
    libsql: LibSQLDatabase
    d1: DrizzleD1Database
    sqlite: BetterSQLite3Database
  }) => [
    drizzle(databases.pg, inPostgres),
    drizzle(databases.postgres, inPostgres),
    drizzle(databases.mysql, inMysql),
    drizzle(databases.libsql, inSqlite),
    drizzle(databases.d1, inSqlite),
    drizzle(databases.sqlite, inSqlite),
    // @ts-expect-error the columns are missing
    drizzle(databases.pg, users),
    // @ts-expect-error no database
    drizzle({}, inPostgres),
  ]
  expectTypeOf(storages).returns.toEqualTypeOf<TokenStorage[]>()
})
