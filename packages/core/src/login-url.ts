import { isNavigation } from './answers.ts'
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
  if (o.scopes?.length) query.set('scopes', o.scopes.join(' '))
  if (o.restarted) query.set('again', '1')
  const { login } = context.routes.paths(provider)
  return query.size === 0 ? login : `${login}?${query}`
}

/** Path of the login route from within a visit: back to where the visitor is, unless told otherwise. */
export function visitLoginPath(
  context: DanceContext,
  visit: VisitState,
  provider: string,
  returnTo: string | undefined,
  scopes: readonly string[] = [],
): string {
  return loginPath(context, provider, { returnTo: returnToOf(context, visit, returnTo), scopes })
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
  return context.routes.match(new URL(path, origin)) ? '/' : path
}

// A visitor comes back to the page it is on; a script's or a form's request is not one, but the page behind it is.
function placeOf(visit: VisitState): string {
  const { request } = visit
  const { pathname, search } = new URL(request.url)
  const isPage = request.method === 'GET' && isNavigation(request)
  const place = isPage ? pathname + search : request.headers.get('referer')
  return safeReturnTo(place, visit.origin().url) ?? '/'
}
