import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Provider } from 'oidc-provider'
import { readAsset } from '../assets.ts'
import { removeAccess, showAccount } from './account-page.ts'
import { createAccounts } from './accounts.ts'
import { answerAPI, type Resources } from './api.ts'
import type { LanternClient } from './client.ts'
import { lanternConfiguration } from './configuration.ts'
import { answerInteraction } from './interactions.ts'

export interface LanternSetup {
  readonly port: number
  /** The app's client id. */
  readonly id: string
  /** The app's name on Lantern's pages. */
  readonly name: string
  /** Origins under which the app can be opened; the first is its home. */
  readonly appOrigins: readonly [string, ...string[]]
  /** Path of the app's callback. */
  readonly callbackPath: string
  /** Life of an access token, in seconds. */
  readonly tokenSeconds: number
  /** What the app may ask for beside OpenID Connect's own scopes, and what that allows, in words. */
  readonly scopes: Readonly<Record<string, string>>
  readonly resources: Resources
}

export interface Lantern {
  readonly issuer: string
  readonly client: LanternClient
  close(): void
}

/** Starts Lantern, a real OpenID provider with an API of its own, on the loopback address. */
export async function startLantern(setup: LanternSetup): Promise<Lantern> {
  const issuer = `http://127.0.0.1:${setup.port}`
  const client = registerApp(setup)
  const server = createServer(createHandler(issuer, client, setup))
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(setup.port, '127.0.0.1', resolve)
  await promise
  return { issuer, client, close: () => closeServer(server) }
}

const standardScopes = {
  openid: 'Know that it is you',
  profile: 'Read your name',
  email: 'Read your e-mail address',
}

function registerApp({ id, name, appOrigins, callbackPath, scopes }: LanternSetup): LanternClient {
  return {
    id,
    secret: randomBytes(32).toString('base64url'),
    name,
    home: appOrigins[0],
    redirectURIs: appOrigins.map((origin) => origin + callbackPath),
    scopes: { ...standardScopes, ...scopes },
  }
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

function createHandler(
  issuer: string,
  client: LanternClient,
  { tokenSeconds, resources }: LanternSetup,
): Handler {
  const accounts = createAccounts()
  const provider = new Provider(issuer, lanternConfiguration({ client, accounts, tokenSeconds }))
  const answerProtocol = provider.callback()
  return async (request, response) => {
    const deps = { provider, accounts, client, resources, request, response }
    const { pathname } = new URL(request.url ?? '/', issuer)
    if (pathname.startsWith('/interaction/')) return answerInteraction(deps)
    if (pathname.startsWith('/api/')) return answerAPI(deps)
    if (pathname === '/' && request.method === 'GET') return showAccount(deps)
    if (pathname === '/remove' && request.method === 'POST') return removeAccess(deps)
    const asset = readAsset(pathname)
    if (asset === null) return answerProtocol(request, response)
    response.writeHead(200, asset.headers).end(asset.body)
  }
}

function closeServer(server: ReturnType<typeof createServer>): void {
  server.close()
  server.closeAllConnections()
}
