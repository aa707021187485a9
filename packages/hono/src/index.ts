import { type Dance, DanceError, type Providers, type Visit } from 'fetch-dance'
import type { Context, MiddlewareHandler } from 'hono'

/** What the middleware brings to an app's context: `new Hono<DanceEnv<typeof dance>>()`. */
export type DanceEnv<D> = D extends Dance<infer P> ? { Variables: { dance: Visit<P> } } : never

/** Options of {@link danceMiddleware}. */
export interface DanceMiddlewareOptions {
  /** The app's user, null for nobody: instead of the dance's own option `owner`, with all that Hono's context holds. */
  readonly owner?: (c: Context) => string | null | Promise<string | null>
}

/**
 * Puts a dance in front of a Hono app: answers the dance's own routes, gives every other request a visit in
 * `c.var.dance`, and turns a `login_required` that a handler lets through into the way to the login.
 *
 * @param dance The dance, or what makes one from the bindings: asked once for each `env` object.
 * @param options Who the app's user is, where Hono's context knows it.
 * @returns The middleware. What a handler throws and the dance cannot answer stays with Hono's `onError`.
 * @example
 * ```ts
 * import { danceMiddleware } from '@fetch-dance/hono'
 * import { Hono } from 'hono'
 *
 * const app = new Hono().use(danceMiddleware(dance))
 * app.get('/', async (c) => c.json(await (await c.var.dance.require('github')).profile()))
 * ```
 */
export function danceMiddleware<P extends Providers, B extends object = object>(
  dance: Dance<P> | ((env: B) => Dance<P>),
  { owner }: DanceMiddlewareOptions = {},
): MiddlewareHandler<{ Bindings: B; Variables: { dance: Visit<P> } }> {
  const dances = new WeakMap<object, Dance<P>>()
  return async (c, next) => {
    const { env, req } = c
    const key = env ?? dances // some runtimes bring no env
    const current = typeof dance === 'function' ? (dances.get(key) ?? dance(env)) : dance
    dances.set(key, current)
    const waitUntil = (work: Promise<unknown>) => keepAlive(c, work)
    const context = { waitUntil, ...(owner && { owner: () => owner(c) }) }
    const visit = current.visit(req.raw, context)
    c.set('dance', visit)
    const own = current.owns(req.raw) ? await current.handle(req.raw, context) : null
    if (!own) await next() // never rejects: Hono has answered an error by now, and left it in c.error
    const answer = own ?? visit.answer(c.error)
    if (answer) {
      for (const cookie of c.res.headers.getSetCookie()) answer.headers.append('set-cookie', cookie)
      c.error = undefined // it is answered: nobody further out has to hear of it
    }
    const response = visit.commit(answer ?? c.res)
    c.res = undefined // Hono would put its headers over those of the next one, and its cookies in place of them
    c.res = response
    return undefined
  }
}

/**
 * Lets only those through to a route who are connected; everybody else is shown the way to the login, without an error
 * for Hono's `onError`. Stands behind {@link danceMiddleware}: throws `option_invalid` where that is missing.
 *
 * @param name The provider's name: one of the dance's for `requireConnection<typeof dance>(name)`, else any text.
 * @param options `scopes` that the connection must have.
 * @returns The middleware for a route or for several.
 * @example
 * ```ts
 * import { danceMiddleware, requireConnection } from '@fetch-dance/hono'
 * import { Hono } from 'hono'
 *
 * const app = new Hono().use(danceMiddleware(dance))
 * app.get('/repos', requireConnection('github', { scopes: ['repo'] }), (c) => c.text('Come in'))
 * ```
 */
export function requireConnection<D extends Dance>(
  name: D extends Dance<infer P> ? keyof P & string : never,
  options: { scopes?: readonly string[] } = {},
): MiddlewareHandler {
  return async (c, next) => {
    const visit: Visit | undefined = c.get('dance')
    if (!visit) throw new DanceError('option_invalid', outOfPlace)
    try {
      await visit.require(name, options)
    } catch (error) {
      const answer = visit.answer(error)
      if (answer) return answer
      throw error
    }
    return next()
  }
}

const outOfPlace = 'Cannot require a connection: danceMiddleware has to stand before this route'

function keepAlive(c: Context, work: Promise<unknown>): void {
  try {
    c.executionCtx.waitUntil(work)
  } catch {} // Hono throws where the runtime has no such context: nothing stops its work there
}
