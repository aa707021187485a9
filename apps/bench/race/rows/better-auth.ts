import { betterAuth as createAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { genericOAuth } from 'better-auth/plugins'
import type { Isolate, RaceEnv, Row } from '../row.ts'
import { versionOf } from '../version-of.ts'

type Database = Record<string, Record<string, unknown>[]>

/** better-auth with a provider of the generic OAuth plugin; all instances share one database in memory. */
export const betterAuth: Row = {
  name: `better-auth ${versionOf('better-auth')}, getAccessToken`,
  promised: false,
  async open(env, isolates) {
    const database: Database = { user: [], session: [], account: [], verification: [] }
    return { isolates: Array.from({ length: isolates }, () => createApp(env, database)) }
  },
}

function createApp(env: RaceEnv, database: Database): Isolate {
  const auth = createInstance(env, database)
  return async (request) => {
    const { pathname } = new URL(request.url)
    if (pathname.startsWith('/api/auth/')) return auth.handler(request)
    if (pathname === '/connect') return signIn(auth)
    if (pathname !== '/me') return new Response('Connected')
    const { headers } = request
    const [account] = await auth.api.listUserAccounts({ headers })
    const body = { accountId: account?.id ?? '' }
    const { accessToken } = await auth.api.getAccessToken({ body, headers })
    const authorization = `Bearer ${accessToken}`
    const { status } = await fetch(`${env.STRICT_ISSUER}/me`, { headers: { authorization } })
    return new Response(null, { status })
  }
}

function createInstance(env: RaceEnv, database: Database) {
  const strict = {
    providerId: 'strict',
    discoveryUrl: `${env.STRICT_ISSUER}/.well-known/openid-configuration`,
    clientId: env.STRICT_OAUTH_CLIENT_ID,
    clientSecret: env.STRICT_OAUTH_CLIENT_SECRET,
    authentication: 'basic' as const,
    scopes: ['openid', 'profile', 'email'],
    pkce: true,
  }
  return createAuth({
    baseURL: env.DANCE_ORIGIN,
    secret: env.DANCE_SECRET,
    database: memoryAdapter(database),
    plugins: [genericOAuth({ config: [strict] })],
    // A failed refresh is part of what is measured
    logger: { disabled: true },
    telemetry: { enabled: false },
  })
}

async function signIn(auth: ReturnType<typeof createInstance>): Promise<Response> {
  const body = { provider: 'strict', callbackURL: '/connected' }
  const { headers, response } = await auth.api.signInSocial({ body, returnHeaders: true })
  headers.set('location', response.url ?? '')
  return new Response(null, { status: 302, headers })
}
