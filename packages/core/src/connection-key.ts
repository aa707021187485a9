import type { DanceContext } from './context.ts'
import { resolveOwner } from './owner.ts'
import { isNamed } from './record-shapes.ts'
import type { Binding } from './seal.ts'
import type { ConnectionKey } from './storage.ts'
import { now } from './token.ts'
import type { VisitState } from './visit.ts'

/**
 * Where a connection of a provider is kept, of the visit's owner; null where there can be none.
 * Throws `owner_failed`, `origin_*`.
 */
export async function connectionKey(
  context: DanceContext,
  visit: VisitState,
  provider: string,
  account?: string,
): Promise<ConnectionKey | null> {
  const found = await resolveOwner(context, visit)
  const isLed = found === 'browser:' && visit.storage.consistency !== 'request'
  const owner = isLed ? await browserOwner(context, visit, provider) : found
  return owner ? { provider, owner, ...(account !== undefined && { account }) } : null
}

/** The owner under which a server-side storage keeps this browser's connection: the provider's cookie holds it. */
export async function browserOwner(
  context: DanceContext,
  visit: VisitState,
  provider: string,
): Promise<string | undefined> {
  const sealed = visit.cookies.get(provider)
  return (await context.seals.openLive(browserBinding(provider), sealed, isNamed))?.id
}

/** Keeps the id of this browser's connection in the provider's cookie. */
export async function keepBrowserOwner(
  context: DanceContext,
  visit: VisitState,
  provider: string,
  owner: string,
): Promise<void> {
  visit.cookies.set(provider, await sealBrowserOwner(context, provider, owner))
}

/** What the provider's cookie holds of this browser's connection: its sealed id. */
export function sealBrowserOwner(
  context: DanceContext,
  provider: string,
  owner: string,
): Promise<string> {
  const exp = now() + context.config.cookie.maxAge
  return context.seals.seal(browserBinding(provider), { id: owner }, exp)
}

function browserBinding(provider: string): Binding {
  return { purpose: 'browser', name: provider, provider, owner: 'browser:' }
}
