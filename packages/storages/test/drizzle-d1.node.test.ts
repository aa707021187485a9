import { fileURLToPath } from 'node:url'
import { generateSQLiteDrizzleJson, generateSQLiteMigration } from 'drizzle-kit/api'
import type { TokenStorage } from 'fetch-dance'
import { Miniflare } from 'miniflare'
import { connections, plain, users } from './fixture/d1-tables.ts'
import type { DrizzleCall } from './fixture/drizzle-on-d1.ts'
import { bundle, workerSettings } from './support/bundle.ts'
import { type Database, describeDrizzle } from './support/drizzle-suite.ts'

type Worker = Awaited<ReturnType<Miniflare['getWorker']>>

describeDrizzle('D1', openD1)

/** Two Workers that share a database. */
async function openD1(): Promise<Database> {
  const entry = fileURLToPath(new URL('fixture/drizzle-on-d1.ts', import.meta.url))
  const script = await bundle({ entryPoints: [entry] })
  const worker = { ...workerSettings, script, d1Databases: { DB: 'db' } }
  const names = ['one', 'two']
  const miniflare = new Miniflare({ workers: names.map((name) => ({ ...worker, name })) })
  const [one, two] = await Promise.all(names.map((name) => miniflare.getWorker(name)))
  if (!one || !two) throw new Error('there is no Worker')
  const sql = (text: string) => ask<object[]>(one, 'plain', 'sql', text)
  const tables = await generateSQLiteDrizzleJson({ users, connections, plain })
  for (const statement of await generateSQLiteMigration(
    await generateSQLiteDrizzleJson({}),
    tables,
  )) {
    await sql(statement)
  }
  return {
    plain: [storageIn(one, 'plain'), storageIn(two, 'plain')],
    guide: storageIn(one, 'connections'),
    sql,
    close: () => miniflare.dispose(),
  }
}

function storageIn(worker: Worker, table: DrizzleCall['table']): TokenStorage {
  return {
    consistency: 'strong',
    get: (...args) => ask(worker, table, 'get', ...args),
    put: (...args) => ask(worker, table, 'put', ...args),
    delete: (...args) => ask(worker, table, 'delete', ...args),
    list: (...args) => ask(worker, table, 'list', ...args),
  }
}

async function ask<Answer>(
  worker: Worker,
  table: DrizzleCall['table'],
  method: string,
  ...args: unknown[]
): Promise<Answer> {
  const given = args.filter((one) => one !== undefined)
  const call: DrizzleCall = { table, method, args: given, now: Date.now() }
  const answer = await worker.fetch('https://worker.test/', {
    method: 'POST',
    body: JSON.stringify(call),
  })
  if (!answer.ok) throw new Error(await answer.text())
  // The Worker called the method of that name
  return (await answer.json()) as Answer
}
