import { getTableColumns, getTableName, type SQL, sql, type Table } from 'drizzle-orm'

/** What creates a table, as a migration would. */
export function createTable(table: Table): SQL {
  const columns = Object.values(getTableColumns(table)).map((column) => {
    const rules = `${column.notNull ? ' NOT NULL' : ''}${column.isUnique ? ' UNIQUE' : ''}`
    return `"${column.name}" ${column.getSQLType()}${rules}`
  })
  return sql.raw(`CREATE TABLE "${getTableName(table)}" (${columns.join(', ')})`)
}
