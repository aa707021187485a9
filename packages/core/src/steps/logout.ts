import { redirectTo, wantsJSON } from '../answers.ts'
import { clientOf, type DanceContext } from '../context.ts'
import { readForm } from '../form.ts'
import { requireAllowed, requireSameOrigin } from '../guard.ts'
import { checkedReturnTo } from '../login-url.ts'
import type { VisitState } from '../visit.ts'
import { createVisitApi } from '../visit-api.ts'

/** Disconnects: forgets the token here and revokes it at the provider. Fields: `returnTo`, `account`, `revoke`. */
export async function logout(
  context: DanceContext,
  visit: VisitState,
  provider: string,
): Promise<Response> {
  clientOf(context, provider)
  requireSameOrigin(visit)
  await requireAllowed(context, visit, 'logout', provider)
  const form = await readForm(visit.request, context.config.timeout)
  const account = form.get('account')
  const api = createVisitApi(context, visit)
  const connection = await api.connection(provider, account ? { account } : {})
  const revoke = !['false', '0', 'no'].includes(form.get('revoke') ?? '')
  const result = await connection.disconnect({ revoke })
  if (wantsJSON(visit.request)) return Response.json(result)
  const returnTo = checkedReturnTo(context, visit, form.get('returnTo'))
  return redirectTo(returnTo ?? context.config.redirects.logout ?? '/', 303)
}
