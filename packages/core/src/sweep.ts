import { lease } from './claim.ts'
import { createConnection } from './connection.ts'
import { detachedParts } from './connection-parts.ts'
import type { DanceContext } from './context.ts'
import { within } from './deadline.ts'
import { now } from './token.ts'
import { type Walked, type WalkOptions, walkStorage } from './walk-storage.ts'

/** Refreshes the connections whose refresh token would die unused within that many seconds. */
export async function sweep(
  context: DanceContext,
  o: WalkOptions & { readonly expiringWithin: number },
): Promise<{ refreshed: number; failed: number; after?: string }> {
  const query = { dueBefore: now() + o.expiringWithin }
  const { done: refreshed, ...rest } = await walkStorage(context, query, o, refresh)
  return { refreshed, ...rest }
}

async function refresh({ found, ...walked }: Walked): Promise<boolean> {
  const { key } = found
  const { accessToken, expiresAt } = found.record.token
  const pending: Promise<unknown>[] = []
  const waitUntil = (work: Promise<unknown>) => void pending.push(work)
  const parts = { ...walked, key, found, scene: { provider: key.provider, waitUntil } }
  try {
    // no access token lasts that long: it is the refresh token that needs it
    const minValidity = Number.POSITIVE_INFINITY
    const fresh = await createConnection(detachedParts(parts)).token({ minValidity })
    // while the old one works, a provider that is down is no error
    return fresh.accessToken !== accessToken || fresh.expiresAt !== expiresAt
  } finally {
    // the runtime may end as soon as this does, and what came is to be saved before
    await within(() => Promise.all(pending), lease).catch(() => {})
  }
}
