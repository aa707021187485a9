import { type Env, lanternProvider, readStyle } from '@fetch-dance/examples-stage'
import { type DanceEnv, danceMiddleware, requireConnection } from '@fetch-dance/hono'
import { github } from '@fetch-dance/providers/github'
import { createDance, DanceError } from 'fetch-dance'
import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { listRepositories } from './list-repositories.ts'
import { connectPage, errorPage, homePage, privatePage } from './pages.ts'

/** The whole app: two pages, and the dance in front of them. */
export function createApp(env: Env): (request: Request) => Response | Promise<Response> {
  const gitHub = github({ optionalScopes: ['repo'] })
  const provider = env.LANTERN_ISSUER ? lanternProvider(env.LANTERN_ISSUER, gitHub) : gitHub
  const dance = createDance({ providers: { github: provider }, env, redirects: { error: '/' } })
  const style = readStyle()

  const app = new Hono<DanceEnv<typeof dance>>()
  app.use(danceMiddleware(dance))
  app.use(secureHeaders(headers)) // after the dance: its own pages have headers of their own
  app.use(async (c, next) => {
    c.header('cache-control', 'no-store') // what a page shows is one person's
    await next()
  })

  app.get('/', async (c) => {
    const connection = await c.var.dance.connection('github')
    const loginURL = connection.loginUrl({ returnTo: '/' })
    const error = c.req.query('error')
    if (!connection.authorized) return c.html(connectPage({ loginURL, error }))
    try {
      const profile = await connection.profile()
      const repositories = await listRepositories(connection, 'public')
      const { expiresAt } = await connection.token()
      const { scopes } = connection
      const logoutPath = dance.paths('github').logout
      return c.html(homePage({ profile, repositories, scopes, expiresAt, logoutPath, error }))
    } catch (cause) {
      if (!isOver(cause)) throw cause
      return c.html(connectPage({ loginURL, error: cause.code }))
    }
  })

  const withRepo = requireConnection<typeof dance>('github', { scopes: ['repo'] })
  app.get('/private', withRepo, async (c) => {
    const connection = await c.var.dance.connection('github')
    return c.html(privatePage(await listRepositories(connection, 'private')))
  })

  app.onError((error, c) => {
    const code = error instanceof DanceError ? error.code : 'internal'
    return c.html(errorPage(code), error instanceof DanceError ? 502 : 500)
  })
  app.get('/style.css', (c) => c.body(style, 200, { 'content-type': 'text/css; charset=utf-8' }))
  return app.fetch
}

/** GitHub no longer takes the token: on this page a word and a button, on all others the way to the login. */
function isOver(error: unknown): error is DanceError {
  return error instanceof DanceError && error.code === 'login_required'
}

const headers = {
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    imgSrc: ['data:', 'https://avatars.githubusercontent.com'],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  // With Hono's default, no-referrer, a browser does not say where the form that disconnects comes from.
  referrerPolicy: 'same-origin',
}
