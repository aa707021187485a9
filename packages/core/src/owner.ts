import { within } from './deadline.ts'
import { DanceError } from './errors.ts'
import type { Config } from './options.ts'
import { isNamed } from './record-shapes.ts'
import type { Binding, Seals } from './seal.ts'
import type { VisitState } from './visit.ts'

/** Whose tokens a visit is about: this browser, a user of the app (null: nobody is signed in), or the app itself. */
export type Owner =
  | { readonly kind: 'browser' }
  | { readonly kind: 'user'; readonly id: string | null }
  | { readonly kind: 'app'; readonly id: string }

/** The owner's bare id; null for a browser and for nobody. */
export function ownerId(owner: Owner): string | null {
  return owner.kind === 'browser' ? null : owner.id
}

/** How a flow and a storage key name an owner; '' for nobody. A browser's storage key ends with its connection's id. */
export function ownerText(owner: Owner): string {
  if (owner.kind === 'browser') return 'browser:'
  return owner.id === null ? '' : `${owner.kind}:${owner.id}`
}

/** The bare id in a storage key's owner; null for a browser and for nobody. */
export function idOfOwnerText(text: string): string | null {
  return text.startsWith('browser:') ? null : text.slice(text.indexOf(':') + 1) || null
}

/** The owner of a visit, looked up once. Throws `owner_failed`, `origin_*`. */
export function resolveOwner(config: Config, seals: Seals, visit: VisitState): Promise<Owner> {
  const known = visit.memory.get('owner') as Promise<Owner> | undefined // only this function writes that name
  const owner = known ?? findOwner(config, seals, visit)
  if (!known) visit.memory.set('owner', owner)
  return owner
}

/** Names the owner of this browser from now on, in its owner cookie: new at every naming. */
export async function nameOwner(
  config: Config,
  seals: Seals,
  visit: VisitState,
  id: string,
): Promise<Owner> {
  const owner: Owner = { kind: 'user', id }
  if (config.owner === undefined && visit.context.owner === undefined) {
    const exp = Math.floor(Date.now() / 1000) + config.cookie.maxAge
    visit.cookies.set('owner', await seals.seal(ownerBinding, { id }, exp))
  }
  visit.memory.set('owner', Promise.resolve(owner))
  return owner
}

/** Whether a value can be an owner's id. */
export function isOwnerId(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

const ownerBinding: Binding = { purpose: 'owner', name: 'owner', provider: '', owner: '' }

async function findOwner(config: Config, seals: Seals, visit: VisitState): Promise<Owner> {
  if (typeof config.owner === 'string') return { kind: 'app', id: config.owner }
  const { owner: known } = visit.context
  if (known !== undefined && typeof known !== 'function') return user(known)
  const asked = known ?? config.owner
  if (asked) return user(await askApp(asked, visit.request, config.timeout))
  const kept = await seals.openLive(ownerBinding, visit.cookies.get('owner'), isNamed)
  return kept ? { kind: 'user', id: kept.id } : { kind: 'browser' }
}

async function askApp(
  owner: (request: Request) => unknown,
  request: Request,
  timeout: number,
): Promise<unknown> {
  const failed = () => ownerFailed('the option "owner" failed')
  const answer = Promise.resolve().then(() => owner(request))
  return within(answer, timeout, failed).catch(() => {
    throw failed()
  })
}

function user(value: unknown): Owner {
  if (value === null || isOwnerId(value)) return { kind: 'user', id: value }
  throw ownerFailed('an owner is an id or null')
}

function ownerFailed(reason: string): DanceError {
  return new DanceError('owner_failed', `Cannot tell whose visit this is: ${reason}`)
}
