import type { Token } from '../facts.ts'
import { tokenCap } from '../http.ts'
import { postForm } from './post-form.ts'
import type { ProviderClient } from './protocol.ts'
import { answerError } from './provider-answer.ts'
import type { Server } from './server.ts'

/** Revokes a grant by its refresh token, else its access token (RFC 7009). */
export async function revokeToken(
  server: Server,
  client: ProviderClient,
  { accessToken, refreshToken }: Token,
): Promise<'revoked' | 'unsupported'> {
  const { revocationEndpoint = server.revocation_endpoint, quirks } = client.facts
  if (quirks?.revocation) return revokeByQuirk(quirks.revocation, client, accessToken)
  if (revocationEndpoint === undefined) return 'unsupported'
  const response = await postForm(client, revocationEndpoint, {
    token: refreshToken ?? accessToken,
    token_type_hint: refreshToken === undefined ? 'access_token' : 'refresh_token',
  })
  if (response.status === 200) return 'revoked'
  throw await answerError(response, client)
}

async function revokeByQuirk(
  { method, url }: { method: string; url: string },
  client: ProviderClient,
  accessToken: string,
): Promise<'revoked'> {
  const id = client.clientId()
  const headers = {
    ...client.facts.apiHeaders,
    authorization: `Basic ${btoa(`${id}:${client.clientSecret()}`)}`,
    'content-type': 'application/json',
  }
  const body = JSON.stringify({ access_token: accessToken })
  const address = url.replace('{client_id}', encodeURIComponent(id))
  const response = await client.http.send(address, { method, headers, body }, { cap: tokenCap })
  // 404 and 422: the provider knows no such token any more, which is what was asked for
  if (response.ok || [404, 422].includes(response.status)) return 'revoked'
  throw await answerError(response, client)
}
