import { randomId, sha256 } from './base64url.ts'
import { DanceError, invalidOption } from './errors.ts'
import { type Flow, isFlow } from './record-shapes.ts'
import type { Binding, Seals } from './seal.ts'
import { now } from './token.ts'
import type { VisitState } from './visit.ts'

/** Seconds a flow lives. */
export const flowLife = 600
/** Most flows a browser keeps at once. */
export const mostFlows = 5
/** Octets of a sealed flow: browsers drop a cookie whose name and value are longer than 4,096, and say nothing. */
const largestFlow = 3872
/** What a state ends with whose login began at the button of an error page. */
const restartMark = '.again'

/** A flow found by its state, not yet taken. */
export interface FoundFlow {
  readonly flow: Flow
  readonly cookieName: string
  readonly jti: string
  /** Seconds since epoch. */
  readonly exp: number
}

/** A new state: 256 random bits, marked where the login began at an error page's button. */
export function createState(restarted: boolean): string {
  return randomId(32) + (restarted ? restartMark : '')
}

/** Seals a flow into a cookie of its own; beyond five the oldest goes. Throws `option_invalid` for too many scopes. */
export async function saveFlow(
  seals: Seals,
  visit: VisitState,
  flow: Flow,
  crossSite: boolean,
): Promise<void> {
  const { cookies } = visit
  const name = await flowCookieName(flow.state)
  const running = flowNames(visit)
  for (const oldest of running.slice(0, Math.max(0, running.length - mostFlows + 1))) {
    cookies.delete(oldest)
  }
  const seal = (kept: Flow) => seals.seal(bindingOf(name), kept, now() + flowLife)
  let sealed = await seal(flow)
  // a login that ends at the front page is better than one whose cookie the browser drops
  if (sealed.length > largestFlow) sealed = await seal({ ...flow, returnTo: null })
  if (sealed.length > largestFlow) {
    throw invalidOption(`providers.${flow.provider}.scopes`, 'they are too many')
  }
  if (crossSite) cookies.sameSiteNone(name)
  cookies.set(name, sealed, { maxAge: flowLife })
}

/** Seals a flow anew as it was: the same id and the same end. */
export function sealFlow(seals: Seals, { flow, cookieName, jti, exp }: FoundFlow): Promise<string> {
  return seals.seal(bindingOf(cookieName), flow, exp, jti)
}

/** The flows under way in this browser, oldest first: their cookies' order in the request is their age. */
export function flowNames(visit: VisitState): string[] {
  return visit.cookies.names().filter((name) => name.startsWith('flow.'))
}

/**
 * The flow that belongs to an answer's state, of this provider and in this browser, however old.
 * Throws `state_missing`, `flow_missing`, `state_mismatch`, `cookies_blocked`.
 */
export async function findFlow(
  seals: Seals,
  visit: VisitState,
  provider: string,
  state: string | null,
): Promise<FoundFlow> {
  if (state === null || state === '') {
    const message = 'Cannot finish the login: the answer does not say which; start again'
    throw new DanceError('state_missing', message)
  }
  const name = await flowCookieName(state)
  const text = visit.cookies.get(name)
  const opened = await seals.open(bindingOf(name), text, isFlow)
  if (opened?.data.state !== state) {
    throw flowNotFound(visit, name, state)
  }
  if (opened.data.provider !== provider) throw stateMismatch()
  return { flow: opened.data, cookieName: name, jti: opened.jti, exp: opened.exp }
}

/** Ends a flow that was begun too long ago. Throws `flow_expired`. */
export function refuseOld(visit: VisitState, { exp, cookieName }: FoundFlow): void {
  if (exp > now()) return
  if (visit.open) visit.cookies.delete(cookieName)
  const message = 'Cannot finish the login: it was begun too long ago; start again'
  throw new DanceError('flow_expired', message)
}

function flowNotFound(visit: VisitState, name: string, state: string): DanceError {
  if (flowNames(visit).some((other) => other !== name)) {
    return stateMismatch()
  }
  if (state.endsWith(restartMark) && flowNames(visit).length === 0) {
    const message = 'Cannot finish the login: this browser keeps no cookies; allow them here'
    return new DanceError('cookies_blocked', message)
  }
  const message = 'Cannot finish the login: it is over already, or began in another browser'
  return new DanceError('flow_missing', message)
}

function stateMismatch(): DanceError {
  const message = 'Cannot finish the login: it is not the one begun here; start again'
  return new DanceError('state_mismatch', message)
}

/** The short name of a flow's cookie. */
export async function flowCookieName(state: string): Promise<string> {
  return `flow.${(await sha256(state)).slice(0, 12)}`
}

// The provider is compared by hand: a flow of another provider is a mismatch, not an absence
function bindingOf(name: string): Binding {
  return { purpose: 'flow', name }
}
