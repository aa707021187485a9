import { randomId } from './base64url.ts'
import type { DanceContext } from './context.ts'
import { type Owner, ownerText, resolveOwner } from './owner.ts'
import { isNamed } from './record-shapes.ts'
import type { Binding } from './seal.ts'
import type { ConnectionKey } from './storage.ts'
import { now } from './token.ts'
import type { VisitState } from './visit.ts'

/**
 * Where a connection of a provider is kept, of the visit's owner unless another is named; null where there can be none.
 * Throws `owner_failed`, `origin_*`.
 */
export async function connectionKey(
  context: DanceContext,
  visit: VisitState,
  provider: string,
  account?: string,
  named?: Owner,
): Promise<ConnectionKey | null> {
  const owner = named ?? (await resolveOwner(context.config, context.seals, visit))
  const text = await storageOwner(context, visit, provider, owner)
  if (text === null) return null
  return account === undefined ? { provider, owner: text } : { provider, owner: text, account }
}

/** A new connection of this browser: a random id that nothing from before the login opens. */
export function newBrowserOwner(): string {
  return `browser:${randomId()}`
}

/** Keeps the id of this browser's connection in the provider's cookie. */
export async function keepBrowserOwner(
  context: DanceContext,
  visit: VisitState,
  provider: string,
  owner: string,
): Promise<void> {
  const exp = now() + context.config.cookie.maxAge
  visit.cookies.set(
    provider,
    await context.seals.seal(browserBinding(provider), { id: owner }, exp),
  )
}

async function storageOwner(
  context: DanceContext,
  visit: VisitState,
  provider: string,
  owner: Owner,
): Promise<string | null> {
  if (owner.kind !== 'browser' || visit.storage.consistency === 'request') {
    return ownerText(owner) || null
  }
  const text = visit.cookies.get(provider)
  const kept = await context.seals.openLive(browserBinding(provider), text, isNamed)
  return kept?.id ?? null
}

function browserBinding(provider: string): Binding {
  return { purpose: 'browser', name: provider, provider, owner: 'browser:', account: '' }
}
