import { errorAnswer } from './answers.ts'
import { refuseClient } from './client-auth.ts'
import { endGrant } from './issue.ts'
import type { Server } from './server.ts'

/** The revocation endpoint (RFC 7009): a refresh token takes its whole grant along, an access token only itself. */
export function answerRevoke(server: Server, headers: Headers, form: URLSearchParams): Response {
  const refusal = refuseClient(server, headers, form)
  if (refusal !== null) return refusal
  const token = form.get('token')
  if (token === null || token === '') return errorAnswer('invalid_request', 'token is missing')
  const refreshToken = server.refreshTokens.get(token)
  if (refreshToken !== undefined) endGrant(server, refreshToken.grant)
  server.accessTokens.delete(token)
  // An unknown token is answered the same (RFC 7009, section 2.2).
  return new Response(null, { status: 200, headers: { 'cache-control': 'no-store' } })
}
