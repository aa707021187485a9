import { isNavigation, redirectTo } from './answers.ts'
import type { LoginUrlOptions } from './connection-types.ts'
import type { DanceContext } from './context.ts'
import { DanceError } from './errors.ts'
import { errorPage } from './failure-answer.ts'
import { isAllowed } from './guard.ts'
import { visitLoginPath } from './login-url.ts'
import type { ProviderClient } from './protocol/protocol.ts'
import { undeclared } from './start-flow.ts'
import type { VisitState } from './visit.ts'

/** An error of this visit's, with the way to mend it where this visitor may go it. */
export async function refusal(
  context: DanceContext,
  state: VisitState,
  client: ProviderClient,
  code: keyof typeof reasons,
  { scopes, returnTo }: LoginUrlOptions,
): Promise<DanceError> {
  const mayLogIn = await isAllowed(context, state, 'login', client.name)
  const askable = scopes?.filter((scope) => undeclared(client, [scope]).length === 0) ?? []
  const message = `Cannot use "${client.name}": ${reasons[code]}`
  return new DanceError(code, message, {
    provider: client.name,
    phase: 'connection',
    loginUrl: mayLogIn ? visitLoginPath(context, state, client.name, returnTo, askable) : undefined,
    scopes,
  })
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
