import { redirectTo, wantsJSON } from './answers.ts'
import type { DanceContext } from './context.ts'
import { within } from './deadline.ts'
import { type DanceError, definedOf, locateError } from './errors.ts'
import { loginPath } from './login-url.ts'
import { pageAnswer } from './pages.ts'
import { scrubRequest } from './scrub-request.ts'
import type { VisitState } from './visit.ts'

/** What is known of a failure beside the error itself. */
export interface FailureScene {
  readonly phase: string
  readonly provider?: string | undefined
  /** Milliseconds that listeners and `onError` have. */
  readonly patience: number
}

/** Answers a failure: the error event, then the app's `onError`, then `redirects.error`, then the page. */
export async function failureAnswer(
  context: DanceContext,
  visit: VisitState,
  thrown: unknown,
  scene: FailureScene,
): Promise<Response> {
  const error = locateError(thrown, scene.phase, scene.provider)
  const ask = () => askApp(context, visit, error)
  const answer = await within(ask, scene.patience).catch(() => {
    context.config.log('error', 'onError failed', {}) // whatever it does, the visitor gets an answer
  })
  return answer instanceof Response ? answer : defaultAnswer(context, visit, error, scene)
}

/** A page about an error, with the way on where there is one. */
export function errorPage(
  context: DanceContext,
  visit: VisitState,
  error: DanceError,
  href: string | undefined,
  status: number = error.status,
): Response {
  const notes = notesFor(context, visit, error)
  return pageAnswer({ status, message: messageFor(error), href, notes })
}

// The listeners first, then the one who may answer.
async function askApp(
  { config, events }: DanceContext,
  visit: VisitState,
  error: DanceError,
): Promise<unknown> {
  const { phase, provider } = error
  await events.report(error, { visit, provider })
  const request = scrubRequest(visit.request, config.cookie.name)
  return config.onError?.(error, { request, phase, ...definedOf({ provider }) })
}

/** Codes that another login would not mend. */
const final =
  /^(option_invalid|method_not_allowed|login_forbidden|account_in_use|request_too_large)$/

function defaultAnswer(
  context: DanceContext,
  visit: VisitState,
  error: DanceError,
  { phase, provider }: FailureScene,
): Response {
  const { code, message, status, retryAfter } = error
  const { flow, request } = visit
  const isJSON = wantsJSON(request)
  const target = context.config.redirects.error
  if (flow && target !== undefined && !isJSON) {
    const [path = '', fragment = ''] = target.split(/(?=#)/)
    const query = new URLSearchParams({ error: code, provider: flow.provider })
    return redirectTo(`${path}${path.includes('?') ? '&' : '?'}${query}${fragment}`, 303)
  }
  const returnTo = flow?.returnTo ?? null
  const restarts = (phase === 'login' || phase === 'callback') && provider && !final.test(code)
  const href = restarts ? loginPath(context, provider, { returnTo, restarted: true }) : undefined
  const response = isJSON
    ? Response.json({ error: code, message }, { status })
    : errorPage(context, visit, error, href)
  const { allow } = (error.cause ?? {}) as { allow?: string } // set where a method is refused
  if (allow !== undefined) response.headers.set('allow', allow)
  if (retryAfter !== undefined) response.headers.set('retry-after', String(retryAfter))
  return response
}

// What a visitor, or who set the site up, can mend is in the error's own words: nothing in them is the request's.
function messageFor({ code, status, message }: DanceError): string {
  if (status < 500 || code === 'origin_missing') return message
  return status === 500
    ? 'Something went wrong: it is the fault of this site; try again later'
    : 'Please try again: another service did not answer as it should; nothing is lost'
}

// Only on the developer's own machine: what went wrong in the code's own words, and what to register where.
function notesFor(
  { routes }: DanceContext,
  visit: VisitState,
  { code, message, provider }: DanceError,
): string[] {
  try {
    const { url, secure } = visit.origin()
    if (secure) return [] // not in development
    const notes = [`${code}: ${message}`]
    if (provider === undefined) return notes
    const { callback } = routes.paths(provider)
    return [...notes, `Redirect URI to register at the provider: ${url}${callback}`]
  } catch {
    return [] // the error is about that very origin
  }
}
