import { bearerRefusal, jsonAnswer } from './answers.ts'
import { personClaims } from './id-token.ts'
import { type AccessToken, type Server, serverTime } from './server.ts'
import type { FakePerson } from './settings.ts'

/** The raw profile, as a test reads it: `/api/user`, or with `oidc` the userinfo answer. */
export interface FakeUser {
  readonly login: string
  readonly name: string
  readonly email: string
}

/** The userinfo endpoint (OpenID Connect Core, section 5.3). */
export function answerUserinfo(server: Server, headers: Headers): Response {
  const token = readToken(server, headers)
  if (token instanceof Response) return token
  const claims = { ...personClaims(token.grant), login: token.grant.person.login }
  return jsonAnswer(server.settings.tamper.userinfo?.(claims) ?? claims)
}

/**
 * A small protected API: `/user` is the person, `/needs?scope=x` wants a scope, `/redirect?to=URL` leads on,
 * anything else echoes what it was asked, the token left out.
 */
export function answerApi(server: Server, request: Request, path: string, body: string): Response {
  const token = readToken(server, request.headers)
  if (token instanceof Response) return token
  const url = new URL(request.url)
  if (path === '/user') return jsonAnswer(userOf(token.grant.person))
  const scope = url.searchParams.get('scope')
  if (path === '/needs' && scope !== null && !token.scopes.includes(scope)) {
    return bearerRefusal('insufficient_scope', scope)
  }
  const to = url.searchParams.get('to')
  if (path === '/redirect' && to !== null) {
    return new Response(null, { status: 302, headers: { location: to } })
  }
  const headers = Object.fromEntries(
    [...request.headers].filter(([name]) => name !== 'authorization'),
  )
  return jsonAnswer({ method: request.method, path, query: url.search, headers, body })
}

function userOf({
  id,
  login,
  name,
  email,
  emailVerified,
}: FakePerson): FakeUser & Record<string, unknown> {
  return { id, login, name, email, email_verified: emailVerified }
}

function readToken(server: Server, headers: Headers): AccessToken | Response {
  const header = headers.get('authorization')
  if (header === null) return bearerRefusal()
  const token = server.accessTokens.get(/^bearer +(\S+)$/i.exec(header)?.[1] ?? '')
  if (token === undefined || token.grant.ended || serverTime(server) >= token.expiresAt) {
    return bearerRefusal('invalid_token')
  }
  return token
}
