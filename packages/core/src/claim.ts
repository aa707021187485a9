import type { Flight } from './context.ts'
import { sendDeadline } from './http.ts'
import { isCoordinated, type Standing, writeInForce } from './in-force.ts'
import { unclaimed } from './merge-record.ts'
import type { Claim } from './record-shapes.ts'
import type { Refreshable } from './save-refreshed.ts'

/** Milliseconds after which a flight nobody heard of is given up, and its claim with it. */
export const lease: number = sendDeadline + 15_000
/** Milliseconds by which the clocks of two isolates may differ. */
const skew = 5_000
/** Milliseconds after which a claim that was slow to write has too little left of its lease. */
const slowest = 10_000

/** Makes what tells whether another's claim holds: by its own times, and by how long it was seen here, as clocks differ. */
export function createClaimWatch({ id: own }: Flight): (claim: Claim | undefined) => boolean {
  let watched: string | undefined
  let since = 0
  return (claim) => {
    if (!claim || claim.id === own) return false
    if (claim.id !== watched) {
      watched = claim.id
      since = Date.now()
    }
    return Date.now() <= claim.until * 1000 + skew && Date.now() <= since + lease + skew
  }
}

/**
 * Announces a refresh where all isolates look, before the refresh token is sent.
 *
 * @returns What stands there now; null where another was faster, or nobody knows: read again.
 */
export async function claimRefresh(
  { context, storage }: Refreshable,
  standing: Standing,
  { id }: Flight,
): Promise<Standing | null> {
  const { record } = standing
  // a claim of our own whose write threw, and happened
  if (!isCoordinated(storage) || (record.claim?.id === id && isEarly(record.claim))) return standing
  const since = Date.now() / 1000
  // under a claim that lapsed the token was perhaps sent
  const uncertain = record.uncertain === true || record.claim !== undefined
  const claimed = { ...record, uncertain, claim: { id, since, until: since + lease / 1000 } }
  const held = await writeInForce(context, storage, standing, claimed).catch(() => null)
  if (!held || held === 'conflict') return null
  if (isEarly({ since })) return held
  await writeInForce(context, storage, held, unclaimed(claimed)).catch(() => null)
  return null
}

function isEarly({ since }: Pick<Claim, 'since'>): boolean {
  return Date.now() <= since * 1000 + slowest
}
