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
  await requireAllowed(context.config, visit, provider, 'login')
  const restarted = query.has('again')
  const named = ownerId(owner) !== null
  if (comesFromElsewhere(request) && (named || flowNames(visit).length >= mostFlows)) {
    return confirmation(loginPath(context, provider, { returnTo, scopes, restarted }))
  }
  return startFlow(context, visit, client, { returnTo, scopes, restarted })
}

// Another site must not begin a login in a user's name unseen, nor push this browser's running ones out.
function confirmation(href: string): Response {
  return pageAnswer({
    status: 200,
    title: 'Connect an account?',
    text: 'Another site sent you here. Go on only if you meant to.',
    link: { href, text: 'Continue' },
  })
}

function comesFromElsewhere(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site')
  return site === 'cross-site' || site === 'same-site'
}
