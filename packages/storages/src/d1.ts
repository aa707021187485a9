import type { Kv, TokenStorage } from 'fetch-dance'
import { kvStorage } from 'fetch-dance/kv-storage'

/** What is used of a D1 database. */
export interface D1 {
  /** Makes a statement. */
  prepare(sql: string): D1Statement
  /** Runs statements in one transaction. */
  batch(statements: D1Statement[]): Promise<D1Rows[]>
  /** Not called: a session, which may read from a copy that is behind, has none and does not fit. */
  exec(sql: string): Promise<unknown>
}

/** What is used of a prepared statement. */
export interface D1Statement {
  /** Fills in the values. */
  bind(...values: unknown[]): D1Statement
}

/** What a statement answers. */
export interface D1Rows {
  readonly results: readonly unknown[]
}

/** The table and its index, for a migration of yours. Without one they are made at first use. */
export const schema: readonly [table: string, index: string] = [
  `CREATE TABLE IF NOT EXISTS dance_entries (
  "group" TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  version TEXT NOT NULL,
  expires_at REAL,
  PRIMARY KEY ("group", name)
)`,
  'CREATE INDEX IF NOT EXISTS dance_entries_expires_at ON dance_entries (expires_at)',
]

/**
 * Keeps connections in a D1 database: strong, as all statements go to its primary.
 *
 * @param database The binding of the database, not a session of it.
 * @returns The storage to give to `createDance`.
 * @example
 * ```ts
 * import { env } from 'cloudflare:workers'
 * import { d1 } from '@fetch-dance/storages/d1'
 *
 * export const storage = d1(env.DB)
 * ```
 */
export function d1(database: D1): TokenStorage {
  return kvStorage(kv(database))
}

/**
 * What {@link d1} is made of: the coordinator for a storage that is not strong.
 *
 * @param database The binding of the database, not a session of it.
 * @returns An atomic Kv.
 * @example
 * ```ts
 * import { env } from 'cloudflare:workers'
 * import { cloudflareKv } from '@fetch-dance/storages/cloudflare-kv'
 * import { kv } from '@fetch-dance/storages/d1'
 *
 * export const storage = cloudflareKv(env.TOKENS, { coordinator: kv(env.DB) })
 * ```
 */
export function kv(database: D1): Kv {
  const statement = (sql: string, ...values: unknown[]) => database.prepare(sql).bind(...values)
  const run = (...statements: D1Statement[]) => rowsOfFirst(database, statements)

  return {
    atomic: true,
    async get({ group, name }) {
      const [row] = await run(statement(`SELECT value, version FROM ${entry}`, group, name, now()))
      return row ? { value: row.value, version: row.version } : null
    },
    async put({ group, name }, value, { ifVersion, expiresAt } = {}) {
      const version = crypto.randomUUID()
      const values = [group, name, now(), value, version, expiresAt ?? null]
      const write =
        typeof ifVersion === 'string'
          ? statement(`${replace} RETURNING version`, ...values, ifVersion)
          : statement(`${ifVersion === null ? create : upsert} RETURNING version`, ...values)
      // Who leaves what will end takes some of what has ended along.
      const [row] = await run(write, ...(expiresAt ? [statement(collect, now())] : []))
      return row ? { version } : 'conflict'
    },
    async delete({ group, name }, { ifVersion } = {}) {
      const unchanged = ifVersion === undefined ? '' : ' AND version = ?4'
      const values = [group, name, now(), ...(ifVersion === undefined ? [] : [ifVersion])]
      const [row] = await run(
        statement(`DELETE FROM ${entry}${unchanged} RETURNING version`, ...values),
      )
      return row !== undefined
    },
    async list(group, { after = '', limit = 100 } = {}) {
      const rows = await run(statement(page, group, after, now(), limit + 1))
      const names = rows.slice(0, limit).map(({ name }) => name)
      const last = names.at(-1)
      return { names, ...(rows.length > limit && last !== undefined && { after: last }) }
    },
  }
}

// Condition and write are one statement each, which answers a row only if it wrote.
const isLive = '(expires_at IS NULL OR expires_at > ?3)'
const entry = `dance_entries WHERE "group" = ?1 AND name = ?2 AND ${isLive}`
const set = 'SET value = ?4, version = ?5, expires_at = ?6'
const upsert = `INSERT INTO dance_entries ("group", name, value, version, expires_at)
  VALUES (?1, ?2, ?4, ?5, ?6) ON CONFLICT DO UPDATE ${set}`
const create = `${upsert} WHERE expires_at <= ?3`
const replace = `UPDATE dance_entries ${set}
  WHERE "group" = ?1 AND name = ?2 AND version = ?7 AND ${isLive}`
const page = `SELECT name FROM dance_entries
  WHERE "group" = ?1 AND name > ?2 AND ${isLive} ORDER BY name LIMIT ?4`
// An hour late, as clocks differ, and few at a time.
const collect = `DELETE FROM dance_entries WHERE rowid IN
  (SELECT rowid FROM dance_entries WHERE expires_at < ?1 - 3600 LIMIT 10)`

interface Row {
  readonly name: string
  readonly value: string
  readonly version: string
}

/** Runs statements as one; if the table is not there yet, makes it first. */
async function rowsOfFirst(database: D1, statements: D1Statement[]): Promise<readonly Row[]> {
  const [first] = await database.batch(statements).catch(async (error: unknown) => {
    if (!/no such table: dance_entries/.test(String(error))) throw error
    await database.batch(schema.map((sql) => database.prepare(sql)))
    return database.batch(statements)
  })
  // The columns are those of the schema.
  return (first?.results ?? []) as readonly Row[]
}

function now(): number {
  return Date.now() / 1000
}
