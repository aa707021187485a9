import { beginLogin } from '../begin-login.ts'
import { clientOf, type DanceContext } from '../context.ts'
import { checkedReturnTo, loginPath } from '../login-url.ts'
import { checkScopes } from '../start-flow.ts'
import type { VisitState } from '../visit.ts'

/** Sends the visitor to the provider. From the URL it takes `returnTo` and declared `scopes`, and nothing else. */
export async function login(
  context: DanceContext,
  visit: VisitState,
  provider: string,
): Promise<Response> {
  const client = clientOf(context, provider)
  const query = new URL(visit.request.url).searchParams
  const returnTo = checkedReturnTo(context, visit, query.get('returnTo'))
  const scopes = (query.get('scopes') ?? '').split(/[\s,]+/).filter(Boolean)
  checkScopes(client, scopes)
  const start = { returnTo, scopes, restarted: query.has('again') }
  return beginLogin(context, visit, client, start, loginPath(context, provider, start))
}
