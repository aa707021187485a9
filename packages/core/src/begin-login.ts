import { isNavigation, wantsJSON } from './answers.ts'
import type { DanceContext } from './context.ts'
import { flowNames, mostFlows } from './flow.ts'
import { requireAllowed, requireSameOrigin } from './guard.ts'
import { ownerId, resolveOwner } from './owner.ts'
import { pageAnswer } from './pages.ts'
import type { ProviderClient } from './protocol/protocol.ts'
import { type FlowStart, startFlow } from './start-flow.ts'
import type { VisitState } from './visit.ts'

/**
 * Begins the login that a request asks for: of a visitor going there, or of the app's own pages.
 *
 * @param href The same login again, for the page that asks first where another site sent the visitor.
 */
export async function beginLogin(
  context: DanceContext,
  visit: VisitState,
  client: ProviderClient,
  start: FlowStart,
  href: string,
): Promise<Response> {
  const { request } = visit
  if (!isNavigation(request) || wantsJSON(request)) requireSameOrigin(visit)
  const owner = await resolveOwner(context, visit)
  await requireAllowed(context, visit, 'login', client.name)
  const fromElsewhere = /^(cross|same)-site$/.test(request.headers.get('sec-fetch-site') ?? '')
  const isNamed = ownerId(owner) !== null
  if (!fromElsewhere || !(isNamed || flowNames(visit).length >= mostFlows)) {
    return startFlow(context, visit, client, start)
  }
  // another site must not begin a login in a user's name unseen, nor push this browser's running ones out
  return pageAnswer({
    status: 200,
    message: 'Please confirm: another site sent you here; go on only if you want to connect',
    href,
  })
}
