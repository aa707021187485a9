import { secureAnswer } from './answers.ts'
import { createConnection } from './connection.ts'
import { detachedParts } from './connection-parts.ts'
import type { ConnectionOf } from './connection-types.ts'
import { clientOf, createContext, type DanceContext } from './context.ts'
import { within } from './deadline.ts'
import { DanceError, definedOf, invalidOption } from './errors.ts'
import type { EventName } from './event-types.ts'
import { failureAnswer } from './failure-answer.ts'
import { forge } from './forge.ts'
import { checkRequest } from './methods.ts'
import { type DanceOptions, readOptions } from './options.ts'
import { isOwnerId } from './owner.ts'
import type { Providers } from './protocol/protocol.ts'
import { readRecord } from './records.ts'
import { reseal } from './reseal.ts'
import type { Route } from './routes.ts'
import { callback } from './steps/callback.ts'
import { connect } from './steps/connect.ts'
import { connections } from './steps/connections.ts'
import { login } from './steps/login.ts'
import { logout } from './steps/logout.ts'
import { sweep } from './sweep.ts'
import type { Dance, VisitContext } from './types.ts'
import { createVisit, type VisitState } from './visit.ts'
import { createVisitApi } from './visit-api.ts'
import { serverStorage } from './walk-storage.ts'
import { type AnyApp, contextIn, serveApp } from './wrap.ts'

/**
 * Creates a dance: the OAuth routes of an app, the tokens it keeps and the way to call APIs with them.
 *
 * @param options Providers by name, and where secrets come from; times in seconds, `timeout` in milliseconds.
 * @returns The dance. Put it in front of an app with `wrap`, or answer its routes with `handle`.
 * Throws `option_invalid` naming the path of a wrong option. An absent secret or credential throws it at first use.
 * @example
 * ```ts
 * import { createDance, oauth2Provider } from 'fetch-dance'
 *
 * const strava = oauth2Provider({
 *   id: 'strava',
 *   authorizationEndpoint: 'https://www.strava.com/oauth/authorize',
 *   tokenEndpoint: 'https://www.strava.com/oauth/token',
 *   apiBase: 'https://www.strava.com/api/v3',
 * })
 * const dance = createDance({ providers: { strava }, origin: 'https://app.example' })
 *
 * export default {
 *   fetch: dance.wrap(async (_request, visit) => {
 *     const connection = await visit.require('strava')
 *     return connection.fetch('/athlete')
 *   }),
 * }
 * ```
 */
export function createDance<const P extends Providers>(options: DanceOptions<P>): Dance<P> {
  const context = createContext(readOptions(options))
  const visitOf = (request: Request, visitContext: VisitContext = {}) =>
    createVisit(context.config, request, visitContext)
  const owns = (request: Request) => context.routes.match(request.url) !== undefined
  const dance = {
    handle: async (request: Request, o?: VisitContext) => handle(context, visitOf(request, o)),
    owns,
    wrap:
      (app: AnyApp) =>
      async (request: Request, ...rest: unknown[]) => {
        const visit = visitOf(request, contextIn(rest))
        return owns(request) ? handle(context, visit) : serveApp(context, visit, app, rest)
      },
    visit: (request: Request, o?: VisitContext) => createVisitApi(context, visitOf(request, o)),
    connection: (o: DetachedOptions) => connectionWithoutRequest(context, o),
    events: Object.freeze({
      on: (name: EventName, handler: (event: never) => unknown, o: { provider?: string } = {}) =>
        context.events.on(name, handler, o.provider),
    }),
    paths: (name: string) => ({ ...context.routes.paths(name) }),
    sweep: (o: Parameters<typeof sweep>[1]) => sweep(context, o),
    reseal: (o: Parameters<typeof reseal>[1]) => reseal(context, o),
  }
  Object.defineProperty(dance, Symbol.for('fetch-dance.forge'), { value: forge(context) })
  // Inside, a name is any text; P says outside which there are
  return Object.freeze(dance) as unknown as Dance<P>
}

interface DetachedOptions {
  provider: string
  owner: string
  account?: string
  waitUntil?(promise: Promise<unknown>): void
}

/** Answers one request: route, step, commit. Never rejects, and never takes longer than three timeouts. */
function handle(context: DanceContext, visit: VisitState): Promise<Response> {
  const route = context.routes.match(visit.request.url)
  const { timeout } = context.config
  // timers are late: what is left of the third timeout is for them
  const end = Date.now() + 2.6 * timeout
  const late = () => new DanceError('internal', 'Cannot answer in time: something did not end')
  const send = (response: Response) => secureAnswer(visit.commit(response))
  return within(() => runStep(context, visit, route), 2.4 * timeout, late)
    .then(send)
    .catch(async (error: unknown) => {
      visit.dropHeaders() // what handlers added for a login that succeeds: a session, for instance
      const phase = route?.step ?? 'route'
      const provider = route?.provider || undefined
      const patience = end - Date.now()
      return send(await failureAnswer(context, visit, error, { phase, provider, patience }))
    })
    .catch(() => secureAnswer(new Response(null, { status: 500 }))) // onError's answer was read before
}

const steps = { login, callback, logout, connections, connect }

async function runStep(
  context: DanceContext,
  visit: VisitState,
  route: Route | undefined,
): Promise<Response> {
  if (!route) {
    throw new DanceError('not_found', 'Cannot find this page: there is none at this address')
  }
  checkRequest(visit.request, route.step)
  return steps[route.step](context, visit, route.provider)
}

async function connectionWithoutRequest(
  context: DanceContext,
  { provider, owner: id, account, waitUntil }: DetachedOptions,
): Promise<ConnectionOf<Providers, string>> {
  const { owner: fixed } = context.config
  const client = clientOf(context, provider)
  const storage = serverStorage(context, provider)
  if (!isOwnerId(id)) throw invalidOption('owner', "it must be the owner's id")
  const owner = `${typeof fixed === 'string' ? 'app' : 'user'}:${id}`
  const key = { provider, owner, ...definedOf({ account }) }
  const scene = { provider, waitUntil }
  const found = await readRecord(context, storage, key)
  return createConnection(detachedParts({ context, client, storage, scene, key, found }))
}
