import { isSameOrigin } from '@fetch-dance/examples-stage/same-origin'
import style from '@fetch-dance/examples-stage/style.css'
import { type DanceWorker, danceWorker } from '@fetch-dance/workers'
import { DanceError, type Visit } from 'fetch-dance'
import type { Providers } from './ask-slack.ts'
import { createSlackDance } from './create-dance.ts'
import { keepDigest, readDigest, writeAllDigests } from './digests.ts'
import type { Env } from './env.ts'
import { connectPage, errorPage, homePage, respond } from './pages.ts'
import { historyScope } from './write-digest.ts'

export { DanceStorage } from '@fetch-dance/storages/durable-object'

/** The whole app: a page, four actions and a cron trigger, with the dance in front of them. */
const worker: DanceWorker<Env> = danceWorker(createSlackDance, {
  async fetch(request, visit, env) {
    const { pathname, searchParams } = new URL(request.url)
    const route = routes[`${request.method} ${pathname}`]
    if (!route) return respond(errorPage('not_found'), 404)
    if (request.method === 'POST' && !isSameOrigin(request, env.DANCE_ORIGIN)) {
      return new Response('Only the pages of this app may do this', { status: 403 })
    }
    try {
      return await route({ visit, env, error: searchParams.get('error') })
    } catch (error) {
      const way = visit.answer(error) // to the login, where that helps
      if (way) return way
      console.error(error)
      return respond(errorPage(error instanceof DanceError ? error.code : 'internal'), 502)
    }
  },
  scheduled: (_controller, dance, env) => writeAllDigests(dance, env),
})

export default worker

interface Call {
  readonly visit: Visit<Providers>
  readonly env: Env
  /** Code of a login that did not end well. */
  readonly error: string | null
}

const routes: Readonly<Record<string, (call: Call) => Response | Promise<Response>>> = {
  'GET /': showHome,
  'POST /digest': writeNow,
  'GET /messages': includeMessages,
  'POST /sign-out': signOut,
  'POST /disconnect': disconnect,
  'GET /style.css': () =>
    new Response(style, { headers: { 'content-type': 'text/css; charset=utf-8' } }),
}

async function showHome({ visit, env, error }: Call): Promise<Response> {
  const connection = await visit.connection('slack')
  const loginURL = connection.loginUrl({ returnTo: '/' })
  if (!connection.authorized) return respond(connectPage({ loginURL, error }))
  try {
    return respond(
      homePage({
        profile: await connection.profile(),
        scopes: connection.scopes,
        expiresAt: (await connection.token()).expiresAt,
        digest: await readDigest(env, connection.owner ?? ''),
        onThisMachine: env.LANTERN_ISSUER !== undefined,
        error,
      }),
    )
  } catch (cause) {
    if (!(cause instanceof DanceError)) throw cause
    return respond(connectPage({ loginURL, error: cause.code })) // a word and a button
  }
}

async function writeNow({ visit, env }: Call): Promise<Response> {
  await keepDigest(env, await visit.require('slack'))
  return seeHome()
}

/** One scope more, asked for where it is needed: the next digest knows what was said. */
async function includeMessages({ visit, env }: Call): Promise<Response> {
  await keepDigest(env, await visit.require('slack', { scopes: [historyScope] }))
  return seeHome()
}

/** Only this browser: digests go on, and who signs in again is asked for no consent. */
async function signOut({ visit }: Call): Promise<Response> {
  await visit.forget()
  return seeHome()
}

/** The connection ends, everywhere, and this browser is signed out: another person may be the next. */
async function disconnect({ visit }: Call): Promise<Response> {
  await (await visit.connection('slack')).disconnect()
  await visit.forget()
  return seeHome()
}

function seeHome(): Response {
  return new Response(null, { status: 303, headers: { location: '/' } })
}
