import { env } from 'node:process'
import { danceRoutes } from '@fetch-dance/next'
import { createAppDance } from '../../app/dance.ts'
import { placeNamed } from '../../app/places.ts'
import { readBefore } from '../../app/read-before.ts'

type Route = (request: Request) => Promise<Response>

/** The routes of a mount. */
export function routesAt(name: string) {
  const routes = danceRoutes(createAppDance(env, placeNamed(name)))
  return {
    GET: read(routes.GET),
    POST: read(routes.POST),
    HEAD: read(routes.HEAD),
    OPTIONS: read(routes.OPTIONS),
    PUT: read(routes.PUT),
    PATCH: read(routes.PATCH),
    DELETE: read(routes.DELETE),
  }
}

function read(route: Route): Route {
  return async (request) => {
    await readBefore(request)
    return route(request)
  }
}
