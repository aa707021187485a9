import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { type Configuration, type KoaContextWithOIDC, Provider } from 'oidc-provider'
import { createMemoryAdapter } from '../../demo/src/lantern/memory-adapter.ts'

export interface StrictProvider {
  readonly issuer: string
  readonly client: { readonly id: string; readonly secret: string }
  /** Refresh requests so far. */
  refreshes(): number
  /** Life of the access tokens to come, in seconds. */
  setTokenLife(seconds: number): void
  close(): void
}

/** Milliseconds that a token request is under way: a provider is seldom nearer. */
const travel = 50
const day = 24 * 60 * 60

/** A real OpenID provider on loopback. Whoever comes is signed in; a refresh token used twice ends the grant. */
export async function startStrictProvider(
  redirectURIs: readonly string[],
): Promise<StrictProvider> {
  const server = createServer()
  const port = await listen(server)
  const issuer = `http://127.0.0.1:${port}`
  const client = { id: 'race', secret: randomBytes(32).toString('base64url') }
  const life = { seconds: day }
  const provider = new Provider(issuer, configuration(client, redirectURIs, life))
  const count = { refreshes: 0 }
  provider.use(takeTurns(count))
  const answer = provider.callback()
  server.on('request', async (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return answer(request, response)
    const login = { accountId: 'visitor' }
    await provider.interactionFinished(request, response, { login })
  })
  return {
    issuer,
    client,
    refreshes: () => count.refreshes,
    setTokenLife: (seconds) => {
      life.seconds = seconds
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function listen(server: Server): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(0, '127.0.0.1', resolve)
  await promise
  // A server that listens on a port has an address with one
  const { port } = server.address() as AddressInfo
  return port
}

/**
 * Counts refreshes, and lets one token request in at a time: the library reads a refresh token and marks it as used in
 * two steps, between which a second use would go unseen. A provider over a database does both in one transaction.
 */
function takeTurns(count: { refreshes: number }) {
  let last: Promise<unknown> = Promise.resolve()
  return async (context: KoaContextWithOIDC, next: () => Promise<void>) => {
    if (context.path !== '/token') return next()
    await pause(travel)
    const turn = last.then(next)
    last = turn.catch(() => {})
    await turn.finally(() => {
      if (context.oidc.params?.['grant_type'] === 'refresh_token') count.refreshes += 1
    })
  }
}

function configuration(
  client: StrictProvider['client'],
  redirectURIs: readonly string[],
  life: { readonly seconds: number },
): Configuration {
  return {
    adapter: createMemoryAdapter(),
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        token_endpoint_auth_method: 'client_secret_basic',
        redirect_uris: [...redirectURIs],
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ],
    jwks: { keys: [signingKey()] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
    findAccount: (_context, id) => ({ accountId: id, claims: () => claimsOf(id) }),
    loadExistingGrant: consentToAll,
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    features: { devInteractions: { enabled: false } },
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    expiresWithSession: async () => false,
    ttl: {
      AccessToken: () => life.seconds,
      AuthorizationCode: 60,
      IdToken: 600,
      RefreshToken: day,
      Interaction: 600,
      Session: day,
      Grant: day,
    },
  }
}

function signingKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'race' }
}

async function claimsOf(id: string) {
  return { sub: id, name: id, email: `${id}@visitors.test`, email_verified: true }
}

async function consentToAll(context: KoaContextWithOIDC) {
  const { client, session, provider } = context.oidc
  const grant = new provider.Grant({
    clientId: client?.clientId,
    accountId: session?.accountId,
  })
  grant.addOIDCScope('openid profile email')
  await grant.save()
  return grant
}
