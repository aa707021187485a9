import { Auth, type AuthConfig, skipCSRFCheck } from '@auth/core'
import type { JWT } from '@auth/core/jwt'
import type { Isolate, RaceEnv, Row } from '../row.ts'
import { versionOf } from '../version-of.ts'

/** Auth.js with the callbacks of its guide to refresh token rotation, JWT strategy: the token is in the cookie. */
export const authCore: Row = {
  name: `@auth/core ${versionOf('@auth/core')}, its recipe`,
  promised: false,
  async open(env, isolates) {
    return { isolates: Array.from({ length: isolates }, () => createApp(env)) }
  },
}

function createApp(env: RaceEnv): Isolate {
  const config = configuration(env)
  return async (request) => {
    const { pathname } = new URL(request.url)
    if (pathname.startsWith('/auth/')) return Auth(request, config)
    if (pathname === '/connect') return signIn(request, config)
    if (pathname !== '/me') return new Response('Connected')
    const session = await Auth(at(request, '/auth/session'), config)
    const { accessToken, error } = await session.json()
    const answer = error ? undefined : await callAPI(env, accessToken)
    const headers = session.headers
      .getSetCookie()
      .map((one): [string, string] => ['set-cookie', one])
    return new Response(null, { status: answer?.status ?? 401, headers })
  }
}

function configuration(env: RaceEnv): AuthConfig {
  return {
    basePath: '/auth',
    secret: env.DANCE_SECRET,
    trustHost: true,
    skipCSRFCheck,
    // A failed refresh is part of what is measured
    logger: { error() {}, warn() {} },
    providers: [
      {
        id: 'strict',
        name: 'Strict',
        type: 'oidc',
        issuer: env.STRICT_ISSUER,
        clientId: env.STRICT_OAUTH_CLIENT_ID,
        clientSecret: env.STRICT_OAUTH_CLIENT_SECRET,
        authorization: { params: { scope: 'openid profile email' } },
      },
    ],
    callbacks: {
      async jwt({ token, account }) {
        if (account) {
          const { access_token, expires_at, refresh_token } = account
          return { ...token, access_token, expires_at, refresh_token }
        }
        return Date.now() < Number(token['expires_at']) * 1000 ? token : refresh(env, token)
      },
      async session({ session, token }) {
        return { ...session, accessToken: token['access_token'], error: token['error'] }
      },
    },
  }
}

async function refresh(env: RaceEnv, token: JWT): Promise<JWT> {
  const credentials = `${env.STRICT_OAUTH_CLIENT_ID}:${env.STRICT_OAUTH_CLIENT_SECRET}`
  try {
    const response = await fetch(`${env.STRICT_ISSUER}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(credentials)}` },
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: String(token['refresh_token']),
      }),
    })
    const answer = await response.json()
    if (!response.ok) throw answer
    return {
      ...token,
      access_token: answer.access_token,
      expires_at: Math.floor(Date.now() / 1000 + answer.expires_in),
      refresh_token: answer.refresh_token ?? token['refresh_token'],
    }
  } catch {
    return { ...token, error: 'RefreshTokenError' }
  }
}

/** What `signIn()` of a framework's adapter does. */
function signIn(request: Request, config: AuthConfig): Promise<Response> {
  const body = new URLSearchParams({ callbackUrl: new URL('/connected', request.url).href })
  return Auth(at(request, '/auth/signin/strict', { method: 'POST', body }), config)
}

function at(request: Request, path: string, init: RequestInit = {}): Request {
  const headers = { cookie: request.headers.get('cookie') ?? '' }
  return new Request(new URL(path, request.url), { ...init, headers })
}

function callAPI(env: RaceEnv, accessToken: string): Promise<Response> {
  return fetch(`${env.STRICT_ISSUER}/me`, { headers: { authorization: `Bearer ${accessToken}` } })
}
