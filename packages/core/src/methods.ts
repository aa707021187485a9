import { clientOf, type DanceContext } from './context.ts'
import { DanceError } from './errors.ts'
import type { Route } from './routes.ts'

/** Longest URL that is looked at, in characters: an 8 kB code and then some. */
const longestUrl = 16_384

/** Refuses a URL no login has. Throws `request_too_large` with status 414. */
export function checkSize(request: Request): void {
  if (request.url.length <= longestUrl) return
  const error = new DanceError('request_too_large', 'Cannot serve the request: its URL is too long')
  throw Object.assign(error, { status: 414 })
}

/**
 * Refuses a method the route does not have, HEAD and everything fetched ahead: none of them may touch a flow.
 * Throws `method_not_allowed`; the methods allowed are its cause.
 */
export function checkMethod(context: DanceContext, request: Request, route: Route): void {
  const allowed = methodsOf(context, route)
  if (allowed.includes(request.method) && !isFetchedAhead(request)) return
  const message = `Cannot serve the request: only ${allowed.join(' and ')} is answered, and nothing ahead`
  throw new DanceError('method_not_allowed', message, { cause: { allow: allowed.join(', ') } })
}

function methodsOf(context: DanceContext, route: Route): string[] {
  if (route.step === 'logout') return ['POST']
  const posts =
    route.step === 'callback' &&
    clientOf(context, route.provider).facts.responseMode === 'form_post'
  return posts ? ['GET', 'POST'] : ['GET']
}

function isFetchedAhead({ headers }: Request): boolean {
  const purpose = `${headers.get('sec-purpose') ?? ''} ${headers.get('purpose') ?? ''}`
  return (
    /prefetch|prerender/i.test(purpose) || headers.has('next-router-prefetch') || headers.has('rsc')
  )
}
