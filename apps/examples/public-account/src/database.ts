import { fileURLToPath } from 'node:url'
import { desc } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/libsql'
import { migrate } from 'drizzle-orm/libsql/migrator'
import { posts } from './tables.ts'

export type Database = Awaited<ReturnType<typeof openDatabase>>

/** Opens the SQLite file, with its tables as they have to be by now. */
export async function openDatabase(url: string) {
  const db = drizzle({ connection: { url, timeout: 5_000 } }) // waits for other writers
  await migrate(db, { migrationsFolder: fileURLToPath(new URL('../migrations', import.meta.url)) })
  return db
}

export type Post = typeof posts.$inferSelect

/** The posts that came last, newest first. */
export function lastPosts(db: Database): Promise<Post[]> {
  return db.select().from(posts).orderBy(desc(posts.postedAt), desc(posts.id)).limit(20)
}
