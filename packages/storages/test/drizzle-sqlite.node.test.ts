import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectionColumns, drizzle } from '@fetch-dance/storages/drizzle'
import { type Client, createClient } from '@libsql/client'
import { generateSQLiteDrizzleJson, generateSQLiteMigration } from 'drizzle-kit/api'
import { drizzle as drizzleOf, type LibSQLDatabase } from 'drizzle-orm/libsql'
import { type SQLiteTable, sqliteTable } from 'drizzle-orm/sqlite-core'
import type { TokenStorage } from 'fetch-dance'
import { type Database, describeDrizzle } from './support/drizzle-suite.ts'
import { loadGuide } from './support/guide.ts'

interface Guide {
  readonly users: SQLiteTable
  readonly connections: SQLiteTable
  readonly db: LibSQLDatabase & { readonly $client: Client }
  readonly storage: TokenStorage
}

const plain = sqliteTable('plain', connectionColumns())

describeDrizzle('SQLite', openSqlite)

async function openSqlite(): Promise<Database> {
  const folder = await mkdtemp(join(tmpdir(), 'fetch-dance-sqlite-'))
  const url = `file:${folder}/app.db`
  const guide = await loadGuide<Guide>('drizzle-orm/sqlite-core', { DATABASE_URL: url })
  const { users, connections, db, storage } = guide
  const clients = Array.from({ length: 4 }, () => createClient({ url, timeout: 5_000 }))
  await db.run('PRAGMA journal_mode = WAL')
  for (const client of clients) await client.execute('PRAGMA synchronous = OFF')
  const tables = await generateSQLiteDrizzleJson({ users, connections, plain })
  for (const statement of await generateSQLiteMigration(
    await generateSQLiteDrizzleJson({}),
    tables,
  )) {
    await db.run(statement)
  }
  return {
    plain: clients.map((client) => drizzle(drizzleOf(client), plain)),
    guide: storage,
    sql: async (text) => (await db.$client.execute(text)).rows.map((row) => ({ ...row })),
    async close() {
      for (const client of [db.$client, ...clients]) client.close()
      await rm(folder, { recursive: true })
    },
  }
}
