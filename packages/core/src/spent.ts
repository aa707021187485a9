import type { DanceContext, Spent } from './context.ts'
import type { ConnectionRecord } from './record-shapes.ts'

/** Milliseconds for which it is remembered here what became of a refresh token: storage and cookies may still show it. */
const life = 60_000
const capacity = 10_000
/** Successors that are followed one after the other. */
const mostHops = 32

/** What is known of a refresh token, by the keyed hash of it. */
export function spentOf({ spent }: DanceContext, name: string): Spent | undefined {
  const known = spent.get(name)
  return known && known.until > Date.now() ? known : undefined
}

/** Notes what becomes of a refresh token that is about to be sent: kept until it is let go, and a minute more. */
export function noteSpent({ spent }: DanceContext, name: string): Spent {
  const entry: Spent = { until: Number.POSITIVE_INFINITY, uncertain: true }
  spent.delete(name)
  spent.set(name, entry)
  for (const [oldest, { until }] of spent) {
    if (spent.size <= capacity && until > Date.now()) break
    spent.delete(oldest)
  }
  return entry
}

/** Forgets it in a minute. */
export function letGo(entry: Spent): void {
  entry.until = Date.now() + life
}

/** What is known here to have come after a record: its refresh token is spent, though the storage still shows it. */
export async function latestOf(
  context: DanceContext,
  record: ConnectionRecord,
): Promise<ConnectionRecord> {
  let latest = record
  for (let hop = 0; hop < mostHops && latest.token.refreshToken !== undefined; hop++) {
    const known = spentOf(context, await context.seals.mac(latest.token.refreshToken))
    if (known?.ended) return { ...latest, ended: known.ended }
    const next = laterThan(latest, known)
    if (!next) break
    latest = next
  }
  return latest
}

/** What came after a record. Where the provider keeps the refresh token, the record may be what came last itself. */
export function laterThan(
  { token, obtainedAt }: ConnectionRecord,
  { successor }: Spent = { until: 0 },
): ConnectionRecord | undefined {
  const isLater =
    successor &&
    successor.obtainedAt >= obtainedAt &&
    successor.token.accessToken !== token.accessToken
  return isLater ? successor : undefined
}
