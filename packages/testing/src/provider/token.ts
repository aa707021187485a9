import { base64url } from 'jose'
import { errorAnswer, jsonAnswer, repeatedParameter } from './answers.ts'
import { refuseClient } from './client-auth.ts'
import { makeIdToken } from './id-token.ts'
import { endGrant, type Issued, issueTokens } from './issue.ts'
import { type Grant, type RefreshToken, type Server, serverTime } from './server.ts'

const gracePeriod = 60

/** The token endpoint (RFC 6749, sections 4.1.3 and 6). */
export async function answerToken(
  server: Server,
  headers: Headers,
  form: URLSearchParams,
): Promise<Response> {
  const repeated = repeatedParameter(form)
  if (repeated !== undefined) return errorAnswer('invalid_request', `${repeated} stands twice`)
  const refusal = refuseClient(server, headers, form)
  if (refusal !== null) return refusal
  const grantType = form.get('grant_type')
  if (grantType === 'authorization_code') return answerCode(server, form)
  if (grantType === 'refresh_token') return answerRefresh(server, form)
  return errorAnswer('unsupported_grant_type', 'Only authorization_code and refresh_token')
}

async function answerCode(server: Server, form: URLSearchParams): Promise<Response> {
  const code = server.codes.get(form.get('code') ?? '')
  if (code === undefined) return errorAnswer('invalid_grant', 'The code is unknown')
  if (code.used) {
    endGrant(server, code.grant)
    return errorAnswer('invalid_grant', 'The code was used before')
  }
  // Spent before anything is awaited: of two requests at once, one wins.
  code.used = true
  if (serverTime(server) >= code.expiresAt)
    return errorAnswer('invalid_grant', 'The code is too old')
  if (form.get('redirect_uri') !== code.redirectUri) {
    return errorAnswer('invalid_grant', 'redirect_uri is not that of the authorization request')
  }
  if (!(await isVerified(server, code.challenge, form.get('code_verifier')))) {
    return errorAnswer('invalid_grant', 'code_verifier does not fit')
  }
  if (code.grant.ended) return errorAnswer('invalid_grant', 'The code was used before')
  return answerIssued(server, code.grant, issueTokens(server, code.grant), {
    grantType: 'authorization_code',
    nonce: code.nonce,
  })
}

/** RFC 7636, section 4.6. */
async function isVerified(
  server: Server,
  challenge: string | null,
  verifier: string | null,
): Promise<boolean> {
  if (challenge === null) return verifier === null
  if (verifier === null || !/^[\w.~-]{43,128}$/.test(verifier)) return false
  server.secrets.add(verifier)
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  return base64url.encode(new Uint8Array(digest)) === challenge
}

async function answerRefresh(server: Server, form: URLSearchParams): Promise<Response> {
  const token = server.refreshTokens.get(form.get('refresh_token') ?? '')
  if (token === undefined || token.grant.ended) {
    return errorAnswer('invalid_grant', 'The refresh token is unknown')
  }
  const now = serverTime(server)
  if (now >= token.expiresAt) return errorAnswer('invalid_grant', 'The refresh token is too old')
  if (isReused(server, token)) {
    endGrant(server, token.grant)
    return errorAnswer('invalid_grant', 'The refresh token was used before')
  }
  const scopes = narrowScopes(token.grant, form.get('scope'))
  if (scopes === null) return errorAnswer('invalid_scope', 'More than was granted')
  const refresh = server.settings.rotation !== 'none'
  if (refresh) token.spentAt ??= now
  return answerIssued(server, token.grant, issueTokens(server, token.grant, { scopes, refresh }), {
    grantType: 'refresh_token',
    nonce: null,
  })
}

function isReused(server: Server, { spentAt }: RefreshToken): boolean {
  if (spentAt === null) return false
  return server.settings.rotation !== 'grace' || serverTime(server) >= spentAt + gracePeriod
}

function narrowScopes(grant: Grant, scope: string | null): readonly string[] | null {
  if (scope === null) return grant.scopes
  const asked = scope.split(' ')
  return asked.every((one) => grant.scopes.includes(one)) ? asked : null
}

async function answerIssued(
  server: Server,
  grant: Grant,
  issued: Issued,
  { grantType, nonce }: { grantType: string; nonce: string | null },
): Promise<Response> {
  const { idTokenOnRefresh, tamper } = server.settings
  const isFirst = grantType === 'authorization_code'
  const wantsIdToken =
    server.oidc && grant.asked.includes('openid') && (isFirst || idTokenOnRefresh)
  const body = {
    ...issued,
    ...(wantsIdToken ? { id_token: await makeIdToken(server, grant, nonce) } : {}),
  }
  const answer = tamper.token?.({ ...body }, grantType) ?? body
  return answer instanceof Response ? answer : jsonAnswer(answer)
}
