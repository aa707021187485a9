import { connectionColumns, drizzle } from '@fetch-dance/storages/drizzle'
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api'
import { drizzle as drizzleOf, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import { type PgTable, pgTable } from 'drizzle-orm/pg-core'
import type { TokenStorage } from 'fetch-dance'
import { Pool } from 'pg'
import { test } from 'vitest'
import { type Database, describeDrizzle } from './support/drizzle-suite.ts'
import { loadGuide } from './support/guide.ts'
import { noPostgres, startPostgres } from './support/postgres.ts'

interface Guide {
  readonly users: PgTable
  readonly connections: PgTable
  readonly db: NodePgDatabase & { readonly $client: Pool }
  readonly storage: TokenStorage
}

const plain = pgTable('plain', connectionColumns())

if (noPostgres) test('drizzle() on PostgreSQL', ({ skip }) => skip(noPostgres))
else describeDrizzle('PostgreSQL', openPostgres)

async function openPostgres(): Promise<Database> {
  const server = await startPostgres()
  const guide = await loadGuide<Guide>('drizzle-orm/pg-core', { DATABASE_URL: server.url })
  const { users, connections, db, storage } = guide
  const pools = Array.from({ length: 4 }, () => new Pool({ connectionString: server.url }))
  const all = [db.$client, ...pools]
  // They outlive the server, which tells them when it ends
  for (const pool of all) pool.on('error', () => {})
  const tables = generateDrizzleJson({ users, connections, plain })
  for (const statement of await generateMigration(generateDrizzleJson({}), tables)) {
    await db.execute(statement)
  }
  return {
    plain: pools.map((pool) => drizzle(drizzleOf(pool), plain)),
    guide: storage,
    sql: async (text) => (await db.execute(text)).rows,
    async hold(text) {
      const client = await db.$client.connect()
      await client.query('begin')
      await client.query(text)
      return async () => {
        await client.query('commit')
        client.release()
      }
    },
    async close() {
      await server.stop()
      await Promise.all(all.map((pool) => pool.end()))
    },
  }
}
