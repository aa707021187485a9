import type { DanceContext } from './context.ts'
import { within } from './deadline.ts'
import { DanceError } from './errors.ts'
import { isNamed, type Owner } from './record-shapes.ts'
import type { Binding } from './seal.ts'
import { now } from './token.ts'
import type { VisitState } from './visit.ts'

/** The bare id in an owner, as flows and storage keys name it; null for a browser and for nobody. */
export function ownerId(owner: string): string | null {
  return /^(?:user|app):(.+)/s.exec(owner)?.[1] ?? null
}

/** The owner of a visit, looked up once. Throws `owner_failed`, `origin_*`. */
export function resolveOwner(context: DanceContext, visit: VisitState): Promise<Owner> {
  visit.owner ??= findOwner(context, visit)
  return visit.owner
}

/** Whether the app leaves it to the dance who the owner is: the browser, or whom a handler has named. */
export function isOwnerFree({ config }: DanceContext, visit: VisitState): boolean {
  return config.owner === undefined && visit.context.owner === undefined
}

/** Names the owner of this browser from now on, in its owner cookie: new at every naming. */
export async function nameOwner(
  context: DanceContext,
  visit: VisitState,
  id: string,
): Promise<void> {
  if (isOwnerFree(context, visit)) {
    const exp = now() + context.config.cookie.maxAge
    visit.cookies.set('owner', await context.seals.seal(ownerBinding, { id }, exp))
  }
  visit.owner = Promise.resolve<Owner>(`user:${id}`)
}

/** Whether a value can be an owner's id. */
export function isOwnerId(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

const ownerBinding: Binding = { purpose: 'owner', name: 'owner' }

async function findOwner(context: DanceContext, visit: VisitState): Promise<Owner> {
  const { config, seals } = context
  if (typeof config.owner === 'string') return `app:${config.owner}`
  if (isOwnerFree(context, visit)) {
    const kept = await seals.openLive(ownerBinding, visit.cookies.get('owner'), isNamed)
    return kept ? `user:${kept.id}` : 'browser:'
  }
  const { owner = config.owner } = visit.context
  const ask = () => (typeof owner === 'function' ? owner(visit.request) : owner)
  // a throw, and no answer in time, are no id either
  const id: unknown = await within(ask, config.timeout).catch(() => undefined)
  if (id === null) return ''
  if (isOwnerId(id)) return `user:${id}`
  const message = 'Cannot tell whose visit this is: the option "owner" gave neither an id nor null'
  throw new DanceError('owner_failed', message)
}
