import type { App, Dance, Providers } from 'fetch-dance'
import { after } from 'next/server.js'
import { asAsked } from './next-request.ts'

type Method = 'GET' | 'POST' | 'HEAD' | 'OPTIONS' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * The dance's own routes, for `app/login/[...dance]/route.ts`.
 * @param dance The dance; its `basePath` is the folder that the route stands in.
 * @returns A handler for each method Next knows. None of them rejects.
 * @example
 * ```ts
 * import { danceRoutes } from '@fetch-dance/next'
 * export const { GET, POST, HEAD, OPTIONS, PUT, PATCH, DELETE } = danceRoutes(dance)
 * ```
 */
export function danceRoutes(dance: Dance): Record<Method, (request: Request) => Promise<Response>> {
  const GET = (request: Request) => dance.handle(asAsked(request), { waitUntil: after })
  return { GET, POST: GET, HEAD: GET, OPTIONS: GET, PUT: GET, PATCH: GET, DELETE: GET }
}

/**
 * Gives a route handler a visit, and turns a `login_required` that it lets through into the way to the login.
 * @param handler The route handler, with the visit before Next's own context.
 * @returns What Next calls. It rejects with what the handler throws and the dance cannot answer.
 * @example
 * ```ts
 * import { withDance } from '@fetch-dance/next'
 * export const GET = withDance(dance, async (_request, visit) => {
 *   return (await visit.require('github')).fetch('/user')
 * })
 * ```
 */
export function withDance<P extends Providers, A extends unknown[]>(
  dance: Dance<P>,
  handler: App<P, A>,
): (request: Request, ...rest: A) => Promise<Response> {
  // wrap finds waitUntil in what follows the request; the handler does not see it
  const wrapped = dance.wrap<[object, ...A]>((request, visit, _background, ...rest) =>
    handler(request, visit, ...rest),
  )
  return (request, ...rest) => wrapped(asAsked(request), { waitUntil: after }, ...rest)
}
