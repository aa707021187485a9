import { secureAnswer } from './answers.ts'
import { createConnection } from './connection.ts'
import { detachedParts } from './connection-parts.ts'
import type { ConnectionOf } from './connection-types.ts'
import { clientOf, createContext, type DanceContext } from './context.ts'
import { within } from './deadline.ts'
import { DanceError, invalidOption } from './errors.ts'
import type { EventName } from './event-types.ts'
import { failureAnswer } from './failure-answer.ts'
import { forge } from './forge.ts'
import { checkMethod, checkSize } from './methods.ts'
import { type DanceOptions, readOptions } from './options.ts'
import { isOwnerId } from './owner.ts'
import type { Providers } from './protocol/protocol.ts'
import type { Flow } from './record-shapes.ts'
import { readRecord } from './records.ts'
import type { Route } from './routes.ts'
import { callback } from './steps/callback.ts'
import { connections } from './steps/connections.ts'
import { login } from './steps/login.ts'
import { logout } from './steps/logout.ts'
import type { Dance, VisitContext } from './types.ts'
import { createVisit, type VisitState } from './visit.ts'
import { createVisitApi } from './visit-api.ts'
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
  const dance = {
    handle: (request: Request, visitContext: VisitContext = {}) =>
      handle(context, request, visitContext),
    owns: (request: Request) => owns(context, request),
    wrap:
      (app: AnyApp) =>
      (request: Request, ...rest: unknown[]) =>
        owns(context, request)
          ? handle(context, request, contextIn(rest))
          : serveApp(context, app, request, rest),
    visit: (request: Request, visitContext: VisitContext = {}) =>
      createVisitApi(context, createVisit(context.config, request, visitContext)),
    connection: (o: DetachedOptions) => connectionWithoutRequest(context, o),
    events: Object.freeze({
      on: (name: EventName, handler: (event: never) => unknown, o: { provider?: string } = {}) =>
        context.events.on(name, handler, o.provider),
    }),
    paths: (name: string) => ({ ...context.routes.paths(name) }),
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

function owns(context: DanceContext, request: Request): boolean {
  return context.routes.match(new URL(request.url).pathname) !== undefined
}

/** Answers one request: visit, route, step, commit. Never rejects, and never takes longer than three timeouts. */
async function handle(
  context: DanceContext,
  request: Request,
  visitContext: VisitContext,
): Promise<Response> {
  const visit = createVisit(context.config, request, visitContext)
  const route = context.routes.match(new URL(request.url).pathname)
  const phase = route?.step ?? 'route'
  const provider = route && 'provider' in route ? route.provider : undefined
  let flow: Flow | undefined
  const found = (one: Flow) => {
    flow = one
  }
  const { timeout } = context.config
  // timers are late: what is left of the third timeout is for them
  const end = Date.now() + 2.6 * timeout
  const failed = (error: unknown) => {
    visit.dropHeaders() // what handlers added for a login that succeeds: a session, for instance
    return failureAnswer(context, visit, error, { phase, provider, flow, end })
  }
  const late = () => new DanceError('internal', 'Cannot answer in time: something did not end')
  const sent = (response: Response) => secureAnswer(visit.commit(response))
  try {
    return sent(
      await within(runStep(context, visit, route, found), 2.4 * timeout, late).catch(failed),
    )
  } catch (error) {
    // a handler's response that cannot be sent: its body was read, or it is a network error
    const answer = failed(error).then(sent)
    return answer.catch(() => secureAnswer(new Response(null, { status: 500 })))
  }
}

async function runStep(
  context: DanceContext,
  visit: VisitState,
  route: Route | undefined,
  found: (flow: Flow) => void,
): Promise<Response> {
  if (!route)
    throw new DanceError('not_found', 'Cannot find this page: there is none at this address')
  checkSize(visit.request)
  checkMethod(visit.request, route)
  switch (route.step) {
    case 'login':
      return login(context, visit, route.provider)
    case 'callback':
      return callback(context, visit, route.provider, found)
    case 'logout':
      return logout(context, visit, route.provider)
    case 'connections':
      return connections(context, visit)
  }
}

async function connectionWithoutRequest(
  context: DanceContext,
  o: DetachedOptions,
): Promise<ConnectionOf<Providers, string>> {
  const { storage, owner: fixed } = context.config
  const client = clientOf(context, o.provider)
  if (typeof storage === 'function') {
    const message =
      'Cannot open a connection without a request: its token is in a cookie; use a server-side "storage"'
    throw new DanceError('storage_unsuitable', message, {
      phase: 'connection',
      provider: o.provider,
    })
  }
  if (!isOwnerId(o.owner)) throw invalidOption('owner', "it must be the owner's id")
  const owner = `${typeof fixed === 'string' ? 'app' : 'user'}:${o.owner}`
  const key = {
    provider: o.provider,
    owner,
    ...(o.account !== undefined && { account: o.account }),
  }
  const scene = { provider: o.provider, waitUntil: o.waitUntil }
  const found = await readRecord(context, storage, key)
  return createConnection(detachedParts({ context, client, storage, scene, key, found }))
}
