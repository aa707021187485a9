import { sha256 } from './base64url.ts'
import { cannotConnect, type DanceError, invalidOption } from './errors.ts'
import { type Flow, isFlow } from './record-shapes.ts'
import type { Seals } from './seal.ts'
import { largestCookie } from './sealed-cookie-storage.ts'
import { now } from './token.ts'
import type { VisitState } from './visit.ts'

/** Seconds a flow lives. */
export const flowLife = 600
/** Most flows a browser keeps at once. */
export const mostFlows = 5
/** What a state ends with whose login began at the button of an error page. */
export const restartMark = '.again'

/** A flow found by its state, not yet taken. */
export interface FoundFlow {
  readonly flow: Flow
  readonly cookieName: string
  readonly jti: string
  /** Seconds since epoch. */
  readonly exp: number
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
  for (const oldest of flowNames(visit).slice(0, 1 - mostFlows)) cookies.delete(oldest)
  const seal = (kept: Flow) => seals.seal({ purpose: 'flow', name }, kept, now() + flowLife)
  let sealed = await seal(flow)
  // a login that ends at the front page is better than one whose cookie the browser drops
  if (sealed.length > largestCookie) sealed = await seal({ ...flow, returnTo: null })
  if (sealed.length > largestCookie) {
    throw invalidOption(`providers.${flow.provider}.scopes`, 'they are too many')
  }
  cookies.set(name, sealed, { maxAge: flowLife, crossSite })
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
  state: string,
): Promise<FoundFlow> {
  if (state === '') {
    throw cannotConnect('state_missing', 'the answer is to no login; start again')
  }
  const name = await flowCookieName(state)
  const opened = await seals.open({ purpose: 'flow', name }, visit.cookies.get(name), isFlow)
  if (opened?.data.state !== state) throw flowNotFound(flowNames(visit), name, state)
  const { data: flow, jti, exp } = opened
  // compared by hand: a flow of another provider is a mismatch, not an absence
  if (flow.provider !== provider) throw stateMismatch()
  return { flow, jti, exp, cookieName: name }
}

function flowNotFound(running: readonly string[], name: string, state: string): DanceError {
  if (running.some((other) => other !== name)) return stateMismatch()
  if (running.length === 0 && state.endsWith(restartMark)) {
    return cannotConnect('cookies_blocked', 'this browser keeps no cookies; allow them here')
  }
  return cannotConnect('flow_missing', 'the login is over, or began in another browser')
}

function stateMismatch(): DanceError {
  return cannotConnect('state_mismatch', 'this is not the login begun here; start again')
}

/** The short name of a flow's cookie. */
export async function flowCookieName(state: string): Promise<string> {
  return `flow.${(await sha256(state)).slice(0, 12)}`
}
