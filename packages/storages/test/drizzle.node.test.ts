import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { connectionColumns, drizzle } from '@fetch-dance/storages/drizzle'
import { createClient } from '@libsql/client'
import { generateSQLiteDrizzleJson, generateSQLiteMigration } from 'drizzle-kit/api'
import { Cache } from 'drizzle-orm/cache/core'
import { drizzle as databaseOf } from 'drizzle-orm/libsql'
import { singlestoreTable, text as singlestoreText } from 'drizzle-orm/singlestore-core'
import { integer, sqliteTable, withReplicas } from 'drizzle-orm/sqlite-core'
import { afterEach, expect, test } from 'vitest'

const plain = sqliteTable('plain', connectionColumns())
const key = { provider: 'github', owner: 'user:1', account: '1' }
const record = { value: 'sealed', connectedAt: 1 }
const undo: (() => unknown)[] = []

afterEach(async () => {
  for (const one of undo.splice(0).reverse()) await one()
})

test('drizzle() lets one of two threads have each of many records in a database file [G2]', async () => {
  const url = await makeFile('app')
  await open(url).execute('PRAGMA journal_mode = WAL')
  const rounds = 20
  const racer = new URL('fixture/sqlite-racer.ts', import.meta.url)
  const got = await Promise.all(
    [1, 2].map(
      () =>
        new Promise<number[]>((resolve, reject) => {
          const worker = new Worker(racer, { workerData: { url, rounds } })
          worker.once('message', resolve).once('error', reject)
        }),
    ),
  )
  const all = got.flat().sort((a, b) => a - b)
  expect(all).toEqual(Array.from({ length: rounds }, (_, round) => round))
})

test('drizzle() asks the primary database, not a replica that is behind', async () => {
  const [primary, replica] = [
    databaseOf(open(await makeFile('one'))),
    databaseOf(open(await makeFile('two'))),
  ]
  const storage = drizzle(withReplicas(primary, [replica]), plain)
  await storage.put(key, record)
  expect(await storage.get(key)).toMatchObject({ value: 'sealed' })
  expect((await storage.list({})).keys).toEqual([key])
})

test('drizzle() asks no cache that the database has for all else', async () => {
  const cache = new StaleCache()
  const database = databaseOf(open(await makeFile('app')), { cache })
  const storage = drizzle(database, plain)
  await storage.put(key, record)
  await storage.get(key)
  await storage.put(key, { ...record, value: 'sealed anew' })
  expect(await storage.get(key)).toMatchObject({ value: 'sealed anew' })
  await database.select().from(plain)
  expect(cache.kept.size).toBe(1) // it works, for all else
})

test('drizzle() refuses what it could not keep its promises on', async () => {
  const database = databaseOf(open(await makeFile('app')))
  const strict = sqliteTable('strict', {
    ...connectionColumns(),
    owner: integer('user_id').notNull(),
  })
  expect(() => drizzle(database, strict)).toThrow(/"owner" does not allow NULL/)
  await database.transaction(async (transaction) => {
    expect(() => drizzle(transaction, plain)).toThrow(/a transaction ends/)
  })
  const other = () =>
    singlestoreTable('other', { ...connectionColumns(), id: singlestoreText('id') })
  expect(other).toThrow(/PostgreSQL, MySQL/)
})

test('an error of the database is passed on, and nothing is read out of it', async () => {
  const storage = drizzle(
    databaseOf(open(await makeFile('app'))),
    sqliteTable('gone', connectionColumns()),
  )
  for (const o of [{}, { exclusive: true }]) {
    await expect(storage.put(key, record, o)).rejects.toThrow(/gone/)
  }
})

/** A new database file with the table `plain`. */
async function makeFile(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fetch-dance-sqlite-'))
  undo.push(() => rm(folder, { recursive: true }))
  const url = `file:${join(folder, name)}.db`
  const tables = await generateSQLiteDrizzleJson({ plain })
  for (const statement of await generateSQLiteMigration(
    await generateSQLiteDrizzleJson({}),
    tables,
  )) {
    await open(url).execute(statement)
  }
  return url
}

function open(url: string): ReturnType<typeof createClient> {
  const client = createClient({ url })
  undo.push(() => client.close())
  return client
}

/** Caches every query, and does not notice what changes. */
class StaleCache extends Cache {
  readonly kept = new Map<string, unknown[]>()
  strategy(): 'all' {
    return 'all'
  }
  async get(query: string): Promise<unknown[] | undefined> {
    return this.kept.get(query)
  }
  async put(query: string, rows: unknown[]): Promise<void> {
    this.kept.set(query, rows)
  }
  async onMutate(): Promise<void> {}
}
