import { isNavigation, redirectTo } from './answers.ts'
import type { ConnectionParts, RefusalCode } from './connection-parts.ts'
import type { LoginUrlOptions } from './connection-types.ts'
import type { DanceContext } from './context.ts'
import { DanceError } from './errors.ts'
import { errorPage } from './failure-answer.ts'
import { isAllowed } from './guard.ts'
import { visitLoginPath } from './login-url.ts'
import { isDeclared } from './start-flow.ts'
import type { VisitState } from './visit.ts'

/** An error of a visit's, with the way to mend it where this visitor may go it; whether to be sent there at once. */
export async function refusal(
  context: DanceContext,
  state: VisitState,
  { client, found }: Pick<ConnectionParts, 'client' | 'found'>,
  needs: RefusalCode,
  { scopes, returnTo }: LoginUrlOptions,
): Promise<{ error: DanceError; redirects: boolean }> {
  const { name: provider } = client
  const record = found?.record
  const isLogin = needs === 'login_required'
  const isRefused = !isLogin && scopes?.some((scope) => record?.refused.includes(scope))
  const code = isRefused ? 'scope_refused' : needs
  const askable = scopes?.filter((scope) => isDeclared(client, scope)) ?? []
  const mayLogIn = await isAllowed(context, state, 'login', provider)
  const loginUrl = mayLogIn
    ? visitLoginPath(context, state, provider, returnTo, askable)
    : undefined
  const details = { provider, phase: 'connection', loginUrl, scopes }
  // where a login would bring nothing new, a visitor sent there at once would go round in circles
  const brings = !isRefused && askable.some((scope) => !record?.token.scopes.includes(scope))
  const reason = mayLogIn ? reasons[code] : 'somebody else has to log in for it'
  const error = new DanceError(code, `Cannot use "${provider}": ${reason}`, details)
  return { error, redirects: isLogin || brings }
}

const reasons = {
  login_required: 'it is not connected, or no longer; log in',
  scope_required: 'a permission is missing; log in to give it',
  scope_refused: 'a permission was not given at the last login',
}

/** Answers such an error: off to the login where that may be, a page with the way there, or JSON that names it. */
export function refusalAnswer(
  context: DanceContext,
  state: VisitState,
  error: DanceError,
  redirects: boolean,
): Response {
  const { request } = state
  const { code, loginUrl } = error
  // nobody this visitor could become may connect it: no redirect would lead anywhere
  const status = loginUrl === undefined ? 503 : error.status
  if (!isNavigation(request)) return Response.json({ error: code, loginUrl }, { status })
  return redirects && loginUrl !== undefined && request.method === 'GET'
    ? redirectTo(loginUrl, 302)
    : errorPage(context, state, error, loginUrl, status)
}
