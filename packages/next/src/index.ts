import type { App, Dance, Providers } from 'fetch-dance'
import { after } from 'next/server.js'

export { danceServer, type ServerVisit } from './dance-server.ts'

/** A route handler of the app router. */
export type Route = (request: Request) => Promise<Response>

/** What a `route.ts` exports: a handler for each method Next knows. */
export type Routes = Readonly<
  Record<'GET' | 'POST' | 'HEAD' | 'OPTIONS' | 'PUT' | 'PATCH' | 'DELETE', Route>
>

/**
 * The dance's own routes, for `app/login/[...dance]/route.ts`. The dance needs its `origin` set: a route handler does
 * not learn by which host it was asked.
 *
 * @param dance The dance; its `basePath` is the folder that the route stands in.
 * @returns A handler for each method. None of them rejects.
 * @example
 * ```ts
 * import { danceRoutes } from '@fetch-dance/next'
 *
 * export const { GET, POST, HEAD, OPTIONS, PUT, PATCH, DELETE } = danceRoutes(dance)
 * ```
 */
export function danceRoutes(dance: Dance): Routes {
  const route: Route = (request) => dance.handle(request, { waitUntil: after })
  return {
    GET: route,
    POST: route,
    HEAD: route,
    OPTIONS: route,
    PUT: route,
    PATCH: route,
    DELETE: route,
  }
}

/**
 * Gives a route handler a visit, and turns a `login_required` that it lets through into the way to the login.
 *
 * @param dance The dance.
 * @param handler The route handler, with the visit before Next's own context.
 * @returns The route handler that Next calls. It rejects with what the handler throws and the dance cannot answer.
 * @example
 * ```ts
 * import { withDance } from '@fetch-dance/next'
 *
 * export const GET = withDance(dance, async (_request, visit) => {
 *   const connection = await visit.require('github')
 *   return Response.json(await connection.profile())
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
  return (request, ...rest) => wrapped(request, { waitUntil: after }, ...rest)
}
