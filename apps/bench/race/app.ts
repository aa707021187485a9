import { createDance, oidcProvider, type RequestStorage, type TokenStorage } from 'fetch-dance'
import type { RaceEnv } from './row.ts'

type Serve = (request: Request, ...rest: unknown[]) => Promise<Response>

/** An app that connects a visitor and calls the provider's API for them. */
export function createApp(env: RaceEnv, storage: TokenStorage | RequestStorage): Serve {
  const strict = oidcProvider({
    id: 'strict',
    issuer: env.STRICT_ISSUER,
    apiBase: env.STRICT_ISSUER,
    scopes: ['openid', 'profile', 'email'],
  })
  const dance = createDance({ providers: { strict }, env, storage })
  return dance.wrap<unknown[]>(async (request, visit) => {
    const connection = await visit.require('strict')
    if (new URL(request.url).pathname !== '/me') return new Response('Connected')
    const { status, body } = await connection.fetch('/me')
    return new Response(body, { status })
  })
}
