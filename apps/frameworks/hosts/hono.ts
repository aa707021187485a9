import type { Server } from 'node:http'
import { type DanceEnv, danceMiddleware, requireConnection } from '@fetch-dance/hono'
import { serve as serveNode } from '@hono/node-server'
import { Hono } from 'hono'
import { serve as serveSrvx } from 'srvx'
import { type AppEnv, createAppDance } from '../app/dance.ts'
import { page } from '../app/page.ts'
import { forPlaces } from '../app/places.ts'
import { readBefore } from '../app/read-before.ts'
import { atPort } from './at-port.ts'
import type { Start } from './host.ts'
import { inProcess } from './in-process.ts'

/** Hono, called. */
export const startHono: Start = async (env) => {
  const app = createApp(env)
  return inProcess((request) => app.fetch(request))
}

/** Hono behind @hono/node-server, in Node. */
export const startHonoNode: Start = async (env) => {
  const { fetch } = createApp(env)
  const server = await new Promise<Server>((resolve) => {
    const options = { fetch, hostname: '127.0.0.1', port: 0 }
    // what it makes unless it is told to make another
    const made = serveNode(options, () => resolve(made as Server))
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return atPort(port, async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
}

/** Hono behind srvx, in Node. */
export const startHonoSrvx: Start = async (env) => {
  const { fetch } = createApp(env)
  const server = serveSrvx({ fetch, hostname: '127.0.0.1', port: 0, silent: true })
  await server.ready()
  return atPort(Number(new URL(server.url ?? '').port), () => server.close(true))
}

type AppDance = ReturnType<typeof createAppDance>

function createApp(env: AppEnv) {
  const middleware = forPlaces((place) => danceMiddleware(createAppDance(env, place)))
  return new Hono<DanceEnv<AppDance> & { Bindings: object }>()
    .use(async (c, next) => {
      // as Hono's own middleware reads: it keeps the form, and the request has none any more
      if (c.req.header('x-read-before') === 'consume') await c.req.parseBody()
      else await readBefore(c.req.raw)
      await next()
    })
    .use((c, next) => middleware(c.req.url)(c, next))
    .use('/profile', requireConnection<AppDance>('fake'))
    .use('/repos', requireConnection<AppDance>('fake', { scopes: ['repo'] }))
    .all('*', (c) => page(c.req.raw, c.var.dance))
    .onError((_error, c) => c.body(null, 500)) // Hono's own prints each of them
}
