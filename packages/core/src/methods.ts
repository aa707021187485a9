import { DanceError } from './errors.ts'
import type { Step } from './routes.ts'

/** Longest URL that is looked at, in characters: an 8 kB code and then some. */
const longestUrl = 16_384

/** The methods of each route, as `Allow` names them. */
const methods = {
  login: 'GET',
  callback: 'GET, POST',
  logout: 'POST',
  connections: 'GET',
  connect: 'GET',
}

/**
 * Refuses a URL that no login has, a method the route does not have, HEAD and everything fetched ahead: none of them
 * may touch a flow. Throws `request_too_large` with status 414, and `method_not_allowed` with the methods as its cause.
 */
export function checkRequest({ url, method, headers }: Request, step: Step): void {
  if (url.length > longestUrl) {
    const message = 'Cannot open this page: its address is too long'
    throw new DanceError('request_too_large', message, { status: 414 })
  }
  const allow = methods[step]
  if (allow.split(', ').includes(method) && !isFetchedAhead(headers)) return
  const message = `Cannot open this page: it takes only ${allow}, and nothing ahead`
  throw new DanceError('method_not_allowed', message, { cause: { allow } })
}

function isFetchedAhead(headers: Headers): boolean {
  const purpose = `${headers.get('sec-purpose')} ${headers.get('purpose')}`
  return (
    /prefetch|prerender/i.test(purpose) || headers.has('next-router-prefetch') || headers.has('rsc')
  )
}
