import { redirectTo, wantsJSON } from './answers.ts'
import type { DanceContext } from './context.ts'
import { within } from './deadline.ts'
import { type DanceError, locateError } from './errors.ts'
import { loginPath } from './login-url.ts'
import { pageAnswer, textFor } from './pages.ts'
import { scrubRequest } from './scrub-request.ts'
import type { VisitState } from './visit.ts'

/** What is known of a failure beside the error itself. */
export interface FailureScene {
  readonly phase: string
  readonly provider?: string | undefined
  /** Where the login would have led, once its state was found to be ours. */
  readonly flow?: { readonly returnTo: string | null } | undefined
  /** When the answer has to stand, in milliseconds since epoch; three timeouts from now by default. */
  readonly end?: number
}

/** Codes that another login would not mend. */
const final = 'option_invalid method_not_allowed login_forbidden account_in_use request_too_large'

/** Answers a failure: the error event, then the app's `onError`, then `redirects.error`, then the page. */
export async function failureAnswer(
  context: DanceContext,
  visit: VisitState,
  thrown: unknown,
  scene: FailureScene,
): Promise<Response> {
  const error = locateError(thrown, scene.phase, scene.provider)
  const { end = Date.now() + 3 * context.config.timeout } = scene
  const told = within(askApp(context, visit, error), Math.max(1, end - Date.now()), late)
  const answered = await told.catch(() => null) // whatever they do, the visitor gets an answer
  if (answered) return answered
  const response = defaultAnswer(context, visit, error, scene)
  const { allow } = (error.cause ?? {}) as { allow?: string } // set where a method is refused
  if (error.code === 'method_not_allowed' && allow) response.headers.set('allow', allow)
  if (error.retryAfter !== undefined) response.headers.set('retry-after', String(error.retryAfter))
  return response
}

/** A page or JSON about an error, with a way on where there is one. */
export function errorAnswer(
  context: DanceContext,
  visit: VisitState,
  error: DanceError,
  href?: string,
): Response {
  const { code, status, message } = error
  if (wantsJSON(visit.request)) return Response.json({ error: code, message }, { status })
  const link = href === undefined ? undefined : { href, text: linkText(code) }
  return pageAnswer({ status, ...textFor(error), link, notes: notesFor(context, visit, error) })
}

function defaultAnswer(
  context: DanceContext,
  visit: VisitState,
  error: DanceError,
  { flow, phase }: FailureScene,
): Response {
  const { provider, code } = error
  const target = context.config.redirects.error
  if (flow && target !== undefined && !wantsJSON(visit.request)) {
    const [path = '', fragment] = target.split('#')
    const query = new URLSearchParams({ error: code, ...(provider && { provider }) })
    const hash = fragment === undefined ? '' : `#${fragment}`
    return redirectTo(`${path}${path.includes('?') ? '&' : '?'}${query}${hash}`, 303)
  }
  const inLogin = phase === 'login' || phase === 'callback'
  const known = provider !== undefined && context.clients.has(provider)
  const restarts = inLogin && known && !final.split(' ').includes(code)
  const returnTo = flow?.returnTo ?? null
  const href = restarts ? loginPath(context, provider, { returnTo, restarted: true }) : undefined
  return errorAnswer(context, visit, error, href)
}

// The listeners first, then the one who may answer.
async function askApp(
  context: DanceContext,
  visit: VisitState,
  error: DanceError,
): Promise<Response | null> {
  await context.events.report(error, { visit, provider: error.provider })
  const { onError, cookie, timeout } = context.config
  if (!onError) return null
  const { phase, provider } = error
  const request = scrubRequest(visit.request, cookie.name)
  const scene = { request, phase, ...(provider !== undefined && { provider }) }
  const asked = Promise.resolve().then(() => onError(error, scene))
  try {
    const answer = await within(asked, timeout, late)
    return answer instanceof Response ? answer : null
  } catch (failure) {
    const located = locateError(failure, 'onError', provider)
    context.config.log('error', 'onError failed', { code: located.code })
    return null
  }
}

function late(): Error {
  return new Error('late')
}

function linkText(code: string): string {
  if (code === 'login_required') return 'Connect'
  return code.startsWith('scope_') ? 'Ask again' : 'Start again'
}

// Only on the developer's own machine: what went wrong in the code's own words, and what to register where.
function notesFor(context: DanceContext, visit: VisitState, error: DanceError): string[] {
  let origin: { url: string; development: boolean }
  try {
    origin = visit.origin()
  } catch {
    return [] // the error is about that very origin
  }
  if (!origin.development) return []
  const { provider } = error
  const known = provider !== undefined && context.clients.has(provider)
  const callback = known ? `${origin.url}${context.routes.paths(provider).callback}` : ''
  const register = known ? [`Redirect URI to register at the provider: ${callback}`] : []
  return [`${error.code}: ${error.message}`, ...register]
}
