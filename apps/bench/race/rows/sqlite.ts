import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectionColumns, drizzle as storageOver } from '@fetch-dance/storages/drizzle'
import { createClient } from '@libsql/client'
import { drizzle } from 'drizzle-orm/libsql'
import { sqliteTable } from 'drizzle-orm/sqlite-core'
import type { Row } from '../row.ts'
import { createTable } from './create-table.ts'
import { isolatesOver } from './in-process.ts'

const connections = sqliteTable('connections', connectionColumns())

/** One file, a client of libsql for each isolate. */
export const sqlite: Row = {
  name: 'SQLite',
  promised: true,
  async open(env, isolates) {
    const folder = await mkdtemp(join(tmpdir(), 'fetch-dance-race-'))
    const url = `file:${join(folder, 'race.sqlite')}`
    const clients = Array.from({ length: isolates }, () => createClient({ url }))
    const databases = clients.map((client) => drizzle(client))
    await databases[0]?.run(createTable(connections))
    return {
      isolates: isolatesOver(
        env,
        databases.map((database) => storageOver(database, connections)),
      ),
      async close() {
        for (const client of clients) client.close()
        await rm(folder, { recursive: true, force: true })
      },
    }
  },
}
