import { isNavigation } from './answers.ts'
import type { LoginUrlOptions } from './connection-types.ts'
import type { DanceContext } from './context.ts'
import { safeReturnTo } from './return-to.ts'
import type { VisitState } from './visit.ts'

/** Path of a login route with where to come back to and what to ask for; `restarted` marks an error page's button. */
export function loginPath(
  context: DanceContext,
  provider: string,
  o: { returnTo?: string | null; scopes?: readonly string[]; restarted?: boolean },
): string {
  const query = new URLSearchParams()
  if (o.returnTo) query.set('returnTo', o.returnTo)
  if (o.scopes && o.scopes.length > 0) query.set('scopes', o.scopes.join(' '))
  if (o.restarted) query.set('again', '1')
  const { login } = context.routes.paths(provider)
  return query.size === 0 ? login : `${login}?${query}`
}

/** Path of the login route from within a visit: back to where the visitor is, unless told otherwise. */
export function visitLoginPath(
  context: DanceContext,
  visit: VisitState,
  provider: string,
  o: LoginUrlOptions = {},
): string {
  const returnTo = returnToOf(context, visit, o.returnTo)
  return loginPath(context, provider, { returnTo, scopes: o.scopes ?? [] })
}

/** Where a login begun in a visit comes back to: where the app says, else where the visitor is. */
export function returnToOf(
  context: DanceContext,
  visit: VisitState,
  wanted: string | undefined,
): string | null {
  return wanted === undefined ? placeOf(visit) : checkedReturnTo(context, visit, wanted)
}

/** A returnTo as it may be used: within this origin, and not one of the dance's own routes, where it would go round. */
export function checkedReturnTo(
  context: DanceContext,
  visit: VisitState,
  returnTo: string | null | undefined,
): string | null {
  const origin = visit.origin().url
  const path = safeReturnTo(returnTo, origin)
  if (path === null) return null
  return context.routes.match(new URL(path, origin).pathname) ? '/' : path
}

// A visitor comes back to the page it is on; a script's or a form's request is not one, but the page behind it is.
function placeOf(visit: VisitState): string {
  const { request } = visit
  const url = new URL(request.url)
  const origin = visit.origin().url
  if (request.method === 'GET' && isNavigation(request)) {
    return safeReturnTo(url.pathname + url.search, origin) ?? '/'
  }
  const referer = request.headers.get('referer') ?? ''
  return (referer.startsWith(`${origin}/`) && safeReturnTo(referer, origin)) || '/'
}
