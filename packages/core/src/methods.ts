import { DanceError } from './errors.ts'
import type { Route } from './routes.ts'

/** Longest URL that is looked at, in characters: an 8 kB code and then some. */
const longestUrl = 16_384

/** Refuses a URL no login has. Throws `request_too_large` with status 414. */
export function checkSize(request: Request): void {
  if (request.url.length <= longestUrl) return
  const error = new DanceError(
    'request_too_large',
    'Cannot open this page: its address is too long',
  )
  throw Object.assign(error, { status: 414 })
}

/** The methods of each route, as `Allow` names them. */
const methods = { login: 'GET', callback: 'GET, POST', logout: 'POST', connections: 'GET' }

/**
 * Refuses a method the route does not have, HEAD and everything fetched ahead: none of them may touch a flow.
 * Throws `method_not_allowed`; the methods allowed are its cause.
 */
export function checkMethod(request: Request, { step }: Route): void {
  const allow = methods[step]
  if (allow.split(', ').includes(request.method) && !isFetchedAhead(request)) return
  const message = `Cannot open this page: it takes only ${allow}, and nothing ahead`
  throw new DanceError('method_not_allowed', message, { cause: { allow } })
}

function isFetchedAhead({ headers }: Request): boolean {
  const purpose = `${headers.get('sec-purpose') ?? ''} ${headers.get('purpose') ?? ''}`
  return (
    /prefetch|prerender/i.test(purpose) || headers.has('next-router-prefetch') || headers.has('rsc')
  )
}
