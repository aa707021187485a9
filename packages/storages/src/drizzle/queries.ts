import type { SQL } from 'drizzle-orm'
import { type ConnectionTable, dialectOf } from './columns.ts'
import type { Row } from './rows.ts'

/** A database of Drizzle's, over any driver. */
export interface DrizzleDatabase {
  readonly select: (columns: never) => object
  readonly insert: (table: never) => object
  readonly update: (table: never) => object
  readonly delete: (table: never) => object
}

/** One statement each. Those that write tell whether they did. */
export interface Queries {
  find<Name extends keyof Row>(
    columns: readonly Name[],
    where: SQL | undefined,
    o?: { readonly orderBy?: readonly SQL[]; readonly limit?: number },
  ): Promise<Pick<Row, Name>[]>
  /** Not where another row has the key, or holds the account for itself. */
  insert(row: Row): Promise<boolean>
  update(row: Row, where: SQL | undefined): Promise<boolean>
  remove(where: SQL | undefined): Promise<boolean>
}

/** What is used of Drizzle's query builders, which all dialects share save for their types. */
interface Builders {
  readonly $primary?: Builders
  select(columns: object): {
    from(table: object): { where(condition: SQL | undefined): Selection }
  }
  insert(table: object): {
    values(row: object): Statement & { onConflictDoNothing(): Statement }
  }
  update(table: object): { set(row: object): { where(condition: SQL | undefined): Statement } }
  delete(table: object): { where(condition: SQL | undefined): Statement }
}

interface Selection {
  orderBy(...columns: readonly SQL[]): Selection
  limit(count: number): Selection
  $withCache(use: false): PromiseLike<Row[]>
}

interface Statement extends PromiseLike<unknown> {
  returning(columns: object): PromiseLike<readonly object[]>
}

/** The queries of a table, in its dialect. */
export function queriesOf(db: DrizzleDatabase, table: ConnectionTable): Queries {
  // What each dialect's database has; one of another dialect than the table's fails at its first query
  const builders = db as object as Builders
  // A replica may not have seen the last write
  const primary = builders.$primary ?? builders
  const queries = dialectOf(table) === 'mysql' ? mysqlQueries : returningQueries
  return {
    async find(columns, where, { orderBy = [], limit } = {}) {
      const fields = Object.fromEntries(columns.map((name) => [name, table[name]]))
      const selection = primary
        .select(fields)
        .from(table)
        .where(where)
        .orderBy(...orderBy)
      return (limit === undefined ? selection : selection.limit(limit)).$withCache(false)
    },
    ...queries(primary, table),
  }
}

/** PostgreSQL and SQLite: a statement returns the rows it wrote. */
function returningQueries(db: Builders, table: ConnectionTable): Omit<Queries, 'find'> {
  const write = async (statement: Statement) => {
    const written = await statement.returning({ key: table.key })
    return written.length > 0
  }
  return {
    // For any unique column: as PostgreSQL has it, an upsert by `key` may still fail by `exclusiveKey`
    insert: (row) => write(db.insert(table).values(row).onConflictDoNothing()),
    update: (row, where) => write(db.update(table).set(row).where(where)),
    remove: (where) => write(db.delete(table).where(where)),
  }
}

/** MySQL and MariaDB: a statement tells how many rows it wrote. */
function mysqlQueries(db: Builders, table: ConnectionTable): Omit<Queries, 'find'> {
  return {
    // Not `INSERT IGNORE`, which ignores an unknown user as well and cuts what is too long
    async insert(row) {
      try {
        return await writeAgain(() => db.insert(table).values(row))
      } catch (error) {
        if (errorNumber(error) === duplicate) return false
        throw error
      }
    },
    update: (row, where) => writeAgain(() => db.update(table).set(row).where(where)),
    remove: (where) => writeAgain(() => db.delete(table).where(where)),
  }
}

/** Of two statements that wait for each other, MySQL takes one back and expects to be asked again. */
async function writeAgain(statement: () => Statement, attempts = 5): Promise<boolean> {
  try {
    return affectedRows(await statement()) > 0
  } catch (error) {
    if (errorNumber(error) !== deadlock || attempts === 1) throw error
    return writeAgain(statement, attempts - 1)
  }
}

/** MySQL's errors for a second row with what is unique, and for a deadlock. */
const duplicate = 1062
const deadlock = 1213

function errorNumber(error: unknown): unknown {
  // Drizzle wraps the driver's errors
  const { cause = error } = Object(error)
  return Object(cause).errno
}

/** What mysql2 answers to a statement: a list that starts with its header. */
function affectedRows(result: unknown): number {
  const [header] = Array.isArray(result) ? result : []
  const { affectedRows: count } = Object(header)
  if (typeof count === 'number') return count
  throw new TypeError('Cannot tell what was written: the driver does not answer as mysql2 does')
}
