import type { DanceContext, Spent } from './context.ts'
import type { ConnectionRecord } from './record-shapes.ts'

/** Milliseconds for which it is remembered what became of a refresh token. */
const life = 60_000
const capacity = 10_000
/** Successors that are followed one after the other. */
const mostHops = 32

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

/** What is known here to be in force in the place of a record: it may show a refresh token that is spent. */
export async function latestOf(
  context: DanceContext,
  record: ConnectionRecord,
): Promise<ConnectionRecord> {
  let latest = record
  for (let hop = 0; hop < mostHops && latest.token.refreshToken !== undefined; hop++) {
    const next = successorOf(context, await context.seals.mac(latest.token.refreshToken), latest)
    if (!next || next === latest) break
    latest = next
  }
  return latest
}

/** What is known to be in force for a refresh token; undefined where the record that shows it is newer. */
export function successorOf(
  { spent }: DanceContext,
  name: string,
  { obtainedAt }: ConnectionRecord,
): ConnectionRecord | undefined {
  const known = spent.get(name)
  return known && known.until > Date.now() && known.record.obtainedAt >= obtainedAt
    ? known.record
    : undefined
}
