import type { Dance, Providers, Visit, VisitContext } from 'fetch-dance'
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
 * import { github } from '@fetch-dance/providers/github'
 * import { createDance } from 'fetch-dance'
 * import { Hono } from 'hono'
 *
 * const dance = createDance({ providers: { github: github() }, origin: 'https://app.example' })
 * export const app = new Hono().use(danceMiddleware(dance)).get('/', async (c) => {
 *   const connection = await c.var.dance.require('github')
 *   return c.json(await connection.profile())
 * })
 * ```
 */
export function danceMiddleware<P extends Providers, B extends object = object>(
  dance: Dance<P> | ((env: B) => Dance<P>),
  options: DanceMiddlewareOptions = {},
): MiddlewareHandler<{ Bindings: B; Variables: { dance: Visit<P> } }> {
  const danceFor = typeof dance === 'function' ? oncePerEnv(dance) : () => dance
  return async (c, next) => {
    const current = danceFor(c.env)
    const context = visitContext(c, options)
    if (current.owns(c.req.raw)) return current.handle(c.req.raw, context)
    const visit = current.visit(c.req.raw, context)
    c.set('dance', visit)
    await next() // never rejects: Hono has answered an error by now, and left it in c.error
    const answer = c.error ? visit.answer(c.error) : null
    if (answer) replaceError(c, answer)
    replaceResponse(c, visit.commit(c.res))
    return undefined
  }
}

function oncePerEnv<P extends Providers, B extends object>(
  create: (env: B) => Dance<P>,
): (env: B) => Dance<P> {
  const dances = new WeakMap<B, Dance<P>>()
  return (env) => {
    const dance = dances.get(env) ?? create(env)
    dances.set(env, dance)
    return dance
  }
}

function visitContext(c: Context, { owner }: DanceMiddlewareOptions): VisitContext {
  const context: VisitContext = owner ? { owner: () => owner(c) } : {}
  try {
    const { executionCtx } = c
    return { ...context, waitUntil: (promise) => executionCtx.waitUntil(promise) }
  } catch {
    return context // Hono throws where the runtime has no such context: nothing stops its work there
  }
}

// The error is answered: nobody further out has to hear of it. Cookies of other middleware stay.
function replaceError(c: Context, answer: Response): void {
  for (const cookie of c.res.headers.getSetCookie()) answer.headers.append('set-cookie', cookie)
  c.error = undefined
  replaceResponse(c, answer)
}

// Hono would put the headers of the response that is there, its cookies too, over those of the new one.
function replaceResponse(c: Context, response: Response): void {
  if (response === c.res) return
  c.res = undefined
  c.res = response
}
