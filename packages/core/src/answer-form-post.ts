import { redirectTo } from './answers.ts'
import type { DanceContext } from './context.ts'
import { DanceError } from './errors.ts'
import { type FoundFlow, findFlow, flowCookieName, sealFlow } from './flow.ts'
import { readForm } from './form.ts'
import type { ProviderClient } from './protocol/protocol.ts'
import { isNamed } from './record-shapes.ts'
import type { Binding } from './seal.ts'
import { now } from './token.ts'
import type { VisitState } from './visit.ts'

/** Seconds a posted answer waits for the browser to come back by GET. */
const answerLife = 60
const largestCookie = 3872

/**
 * The parameters of the provider's answer: from the query, or from the form it posts.
 *
 * A cross-site POST brings no Lax cookie: neither the app's own session nor our owner cookie is there to tell the owner,
 * or what a guard wants to know. Where one of them has to, the answer is sealed into the flow's cookie, and the browser
 * sent to the same route by GET.
 */
export async function acceptAnswer(
  context: DanceContext,
  visit: VisitState,
  client: ProviderClient,
): Promise<URLSearchParams | Response> {
  const { request } = visit
  if (request.method === 'GET')
    return postedBefore(context, visit, new URL(request.url).searchParams)
  const posted = await readForm(request, context.config.timeout)
  const found = await findFlow(context.seals, visit, client.name, posted.get('state'))
  const needsSession = found.flow.owner !== 'browser:' || context.config.authorizeLogin
  return needsSession ? keepForLater(context, visit, found, posted) : posted
}

async function keepForLater(
  context: DanceContext,
  visit: VisitState,
  found: FoundFlow,
  posted: URLSearchParams,
): Promise<Response> {
  const { cookieName, flow } = found
  // the flow's content, not its seal: a seal within a seal would be too long for a cookie
  const data = { id: posted.toString(), found }
  const sealed = await context.seals.seal(answerBinding(cookieName), data, now() + answerLife)
  if (sealed.length > largestCookie) {
    throw new DanceError(
      'request_too_large',
      'Cannot keep the answer: it is too large for a cookie',
    )
  }
  visit.cookies.set(cookieName, sealed, { maxAge: answerLife })
  const { callback } = context.routes.paths(flow.provider)
  return redirectTo(`${callback}?${new URLSearchParams({ state: flow.state })}`, 303)
}

async function postedBefore(
  context: DanceContext,
  visit: VisitState,
  query: URLSearchParams,
): Promise<URLSearchParams> {
  const state = query.get('state')
  const name = state === null ? '' : await flowCookieName(state)
  const kept = await context.seals.openLive(answerBinding(name), visit.cookies.get(name), isNamed)
  if (!kept) return query
  const { id, found } = kept as { id: string; found: FoundFlow } // sealed by keepForLater above
  visit.cookies.set(name, await sealFlow(context.seals, found), { maxAge: answerLife })
  return new URLSearchParams(id)
}

function answerBinding(name: string): Binding {
  return { purpose: 'answer', name }
}
