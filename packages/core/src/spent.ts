import type { DanceContext, Spent } from './context.ts'
import type { ConnectionRecord } from './record-shapes.ts'

/** Milliseconds for which it is remembered what became of a refresh token. */
const life = 60_000
const capacity = 10_000

/** Notes what is known of a refresh token, by the keyed hash of it: kept until it is let go, and a minute more. */
export function noteSpent({ spent }: DanceContext, name: string, record: ConnectionRecord): Spent {
  const entry: Spent = { record, until: Number.POSITIVE_INFINITY }
  spent.delete(name)
  spent.set(name, entry)
  for (const [oldest, { until }] of spent) {
    if (spent.size <= capacity && until > Date.now()) break
    spent.delete(oldest)
  }
  return entry
}

/** Forgets it in a minute. */
export function letGo(entry: Spent | undefined): void {
  if (entry) entry.until = Date.now() + life
}
