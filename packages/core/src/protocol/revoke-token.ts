import type { Quirks, Token } from '../facts.ts'
import { postForm } from './post-form.ts'
import type { ProviderClient } from './protocol.ts'
import type { Server } from './server.ts'

/** Revokes a grant by its refresh token, else its access token (RFC 7009). */
export async function revokeToken(
  server: Server,
  client: ProviderClient,
  { accessToken, refreshToken }: Token,
): Promise<'revoked' | 'unsupported' | 'failed'> {
  const { revocationEndpoint = server.revocation_endpoint, quirks } = client.facts
  if (quirks?.revocation) return revokeByQuirk(quirks.revocation, client, accessToken)
  if (revocationEndpoint === undefined) return 'unsupported'
  const { status } = await postForm(client, revocationEndpoint, {
    token: refreshToken ?? accessToken,
    token_type_hint: refreshToken === undefined ? 'access_token' : 'refresh_token',
  })
  return status === 200 ? 'revoked' : 'failed'
}

async function revokeByQuirk(
  { method, url }: NonNullable<Quirks['revocation']>,
  client: ProviderClient,
  accessToken: string,
): Promise<'revoked' | 'failed'> {
  const id = client.clientId()
  const headers = {
    ...client.facts.apiHeaders,
    authorization: `Basic ${btoa(`${id}:${client.clientSecret()}`)}`,
    'content-type': 'application/json',
  }
  const body = JSON.stringify({ access_token: accessToken })
  const address = url.replace('{client_id}', encodeURIComponent(id))
  const { ok, status } = await client.http.send(address, { method, headers, body })
  // 404 and 422: the provider knows no such token any more, which is what was asked for
  return ok || status === 404 || status === 422 ? 'revoked' : 'failed'
}
