import { connectionColumns, drizzle } from '@fetch-dance/storages/drizzle'
import { generateMySQLDrizzleJson, generateMySQLMigration } from 'drizzle-kit/api'
import { type MySqlTable, mysqlTable } from 'drizzle-orm/mysql-core'
import { drizzle as drizzleOf, type MySql2Database } from 'drizzle-orm/mysql2'
import type { TokenStorage } from 'fetch-dance'
import { createPool, type Pool } from 'mysql2'
import { test } from 'vitest'
import { type Database, describeDrizzle } from './support/drizzle-suite.ts'
import { loadGuide } from './support/guide.ts'
import { noMariadb, startMariadb } from './support/mariadb.ts'

interface Guide {
  readonly users: MySqlTable
  readonly connections: MySqlTable
  readonly db: MySql2Database & { readonly $client: Pool }
  readonly storage: TokenStorage
}

const plain = mysqlTable('plain', connectionColumns())

if (noMariadb) test('drizzle() on MariaDB', ({ skip }) => skip(noMariadb))
else describeDrizzle('MariaDB', openMariadb)

async function openMariadb(): Promise<Database> {
  const server = await startMariadb()
  const guide = await loadGuide<Guide>('drizzle-orm/mysql-core', { DATABASE_URL: server.url })
  const { users, connections, db, storage } = guide
  const pools = Array.from({ length: 4 }, () => createPool(server.url))
  const tables = await generateMySQLDrizzleJson({ users, connections, plain })
  for (const statement of await generateMySQLMigration(
    await generateMySQLDrizzleJson({}),
    tables,
  )) {
    await db.execute(statement)
  }
  return {
    plain: pools.map((pool) => drizzle(drizzleOf(pool), plain)),
    guide: storage,
    async sql(text) {
      const [rows] = await db.$client.promise().query(text)
      return Array.isArray(rows) ? rows.map((row) => ({ ...row })) : []
    },
    async hold(text) {
      const connection = await db.$client.promise().getConnection()
      await connection.beginTransaction()
      await connection.query(text)
      return async () => {
        await connection.commit()
        connection.release()
      }
    },
    async close() {
      await Promise.all([db.$client, ...pools].map((pool) => pool.promise().end()))
      await server.stop()
    },
  }
}
