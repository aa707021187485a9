import { isNavigation, wantsJSON } from '../answers.ts'
import { clientOf, type DanceContext } from '../context.ts'
import { flowNames, mostFlows } from '../flow.ts'
import { requireAllowed, requireSameOrigin } from '../guard.ts'
import { checkedReturnTo, loginPath } from '../login-url.ts'
import { ownerId, resolveOwner } from '../owner.ts'
import { pageAnswer } from '../pages.ts'
import { checkScopes, startFlow } from '../start-flow.ts'
import type { VisitState } from '../visit.ts'

/** Sends the visitor to the provider. From the URL it takes `returnTo` and declared `scopes`, and nothing else. */
export async function login(
  context: DanceContext,
  visit: VisitState,
  provider: string,
): Promise<Response> {
  const client = clientOf(context, provider)
  const { request } = visit
  if (!isNavigation(request) || wantsJSON(request)) requireSameOrigin(visit)
  const query = new URL(request.url).searchParams
  const returnTo = checkedReturnTo(context, visit, query.get('returnTo'))
  const scopes = (query.get('scopes') ?? '').split(/[\s,]+/).filter(Boolean)
  checkScopes(client, scopes)
  const owner = await resolveOwner(context, visit)
  await requireAllowed(context, visit, 'login', provider)
  const start = { returnTo, scopes, restarted: query.has('again') }
  const fromElsewhere = /^(cross|same)-site$/.test(request.headers.get('sec-fetch-site') ?? '')
  const isNamed = ownerId(owner) !== null
  if (!fromElsewhere || !(isNamed || flowNames(visit).length >= mostFlows)) {
    return startFlow(context, visit, client, start)
  }
  // another site must not begin a login in a user's name unseen, nor push this browser's running ones out
  return pageAnswer({
    status: 200,
    message: 'Please confirm: another site sent you here; go on only if you want to connect',
    href: loginPath(context, provider, start),
  })
}
