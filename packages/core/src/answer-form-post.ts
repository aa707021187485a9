import { redirectTo } from './answers.ts'
import type { DanceContext } from './context.ts'
import { DanceError } from './errors.ts'
import { type FoundFlow, findFlow, flowCookieName } from './flow.ts'
import { readForm } from './form.ts'
import type { ProviderClient } from './protocol/protocol.ts'
import { isNamed } from './record-shapes.ts'
import type { Binding } from './seal.ts'
import { largestCookie } from './sealed-cookie-storage.ts'
import { now } from './token.ts'
import type { VisitState } from './visit.ts'

/** What the provider answered, and the flow that it belongs to. */
export interface Answer {
  readonly parameters: URLSearchParams
  readonly found: FoundFlow
}

/** Seconds a posted answer waits for the browser to come back by GET. */
const answerLife = 60

/**
 * The provider's answer: from the query, or from the form it posts.
 *
 * A cross-site POST brings no Lax cookie: neither the app's own session nor our owner cookie is there to tell the owner,
 * or what a guard wants to know. Where one of them has to, the answer is sealed into the flow's cookie, and the browser
 * sent to the same route by GET.
 */
export async function acceptAnswer(
  { config, routes, seals }: DanceContext,
  visit: VisitState,
  { name: provider }: ProviderClient,
): Promise<Answer | Response> {
  const { request, cookies } = visit
  const isPosted = request.method === 'POST'
  const parameters = isPosted
    ? await readForm(request, config.timeout)
    : new URL(request.url).searchParams
  const state = parameters.get('state') ?? ''
  const name = await flowCookieName(state)
  const binding: Binding = { purpose: 'answer', name, provider }
  const kept = isPosted ? null : await seals.openLive(binding, cookies.get(name), isNamed)
  if (kept) {
    const { id, found } = kept as { id: string; found: FoundFlow } // sealed below
    return { parameters: new URLSearchParams(id), found }
  }
  const found = await findFlow(seals, visit, provider, state)
  const needsSession = found.flow.owner !== 'browser:' || config.authorizeLogin
  if (!isPosted || !needsSession) return { parameters, found }
  // the flow's content, not its seal: a seal within a seal would be too long for a cookie
  const data = { id: parameters.toString(), found }
  const sealed = await seals.seal(binding, data, now() + answerLife)
  if (sealed.length > largestCookie) {
    throw new DanceError('request_too_large', 'Cannot keep the answer: it fits into no cookie')
  }
  cookies.set(name, sealed, { maxAge: answerLife })
  return redirectTo(`${routes.paths(provider).callback}?${new URLSearchParams({ state })}`, 303)
}
