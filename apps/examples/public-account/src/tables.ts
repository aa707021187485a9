import { connectionColumns } from '@fetch-dance/storages/drizzle'
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Where the dance keeps the account's token, sealed; one row is the account, others are logins under way. */
export const connections = sqliteTable('connections', connectionColumns(), (table) => [
  index('connections_owner').on(table.ownerKey),
  index('connections_account').on(table.accountKey),
  index('connections_session').on(table.sessionKey),
  index('connections_due').on(table.dueAt),
  index('connections_expires').on(table.expiresAt),
])

/** What visitors have posted. */
export const posts = sqliteTable('posts', {
  /** The post's id at X. */
  id: text().primaryKey(),
  text: text().notNull(),
  postedAt: integer('posted_at', { mode: 'timestamp' }).notNull(),
})
