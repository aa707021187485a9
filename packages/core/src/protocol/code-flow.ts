import * as oauth from 'oauth4webapi'
import { randomId, sha256 } from '../base64url.ts'
import { DanceError } from '../errors.ts'
import type { Token } from '../facts.ts'
import { sendDeadline, tokenCap } from '../http.ts'
import { readAuthorizationAnswer } from './authorization-answer.ts'
import type { FlowSecrets, ProviderClient, Stamp } from './protocol.ts'
import { answerError, readAnswer } from './provider-answer.ts'

/** The authorization request (RFC 6749 section 4.1.1) with PKCE S256 (RFC 7636), and what to remember of it. */
export async function authorizationRequest(
  as: oauth.AuthorizationServer,
  client: ProviderClient,
  o: { redirectUri: string; state: string; params: URLSearchParams },
): Promise<{ url: URL; secrets: FlowSecrets }> {
  clientAuthentication(client) // an absent secret is told before consent, not after it
  const url = new URL(endpointOf(as, 'authorization_endpoint', client))
  const { searchParams } = url
  for (const name of o.params.keys()) searchParams.delete(name)
  // a `resource` may stand there more than once (RFC 8707 section 2)
  for (const [name, value] of o.params) searchParams.append(name, value)
  searchParams.set('client_id', client.clientId())
  searchParams.set('redirect_uri', o.redirectUri)
  searchParams.set('response_type', 'code')
  searchParams.set('state', o.state)
  const { responseMode } = client.facts
  if (responseMode === 'form_post') searchParams.set('response_mode', responseMode)
  const secrets = { tokenEndpoint: endpointOf(as, 'token_endpoint', client) }
  if (client.facts.pkce === 'breaks') return { url, secrets }
  const verifier = randomId(32)
  searchParams.set('code_challenge', await sha256(verifier))
  searchParams.set('code_challenge_method', 'S256')
  return { url, secrets: { ...secrets, verifier } }
}

/**
 * Checks the authorization response (RFC 6749 section 4.1.2, RFC 9207) and exchanges its code.
 * Throws `issuer_mismatch`, `access_denied`, `provider_error`, `metadata_changed` and what {@link readAnswer} throws.
 */
export async function exchangeCode(
  as: oauth.AuthorizationServer,
  client: ProviderClient,
  o: { parameters: URLSearchParams; redirectUri: string; secrets: FlowSecrets },
): Promise<Record<string, unknown>> {
  const { verifier, tokenEndpoint } = o.secrets
  if (tokenEndpoint !== endpointOf(as, 'token_endpoint', client)) throw metadataChanged()
  const code = readAuthorizationAnswer(as, o.parameters)
  if (verifier === undefined && client.facts.pkce !== 'breaks') {
    const message = 'Cannot finish the login: it began without PKCE; log in again'
    throw new DanceError('flow_missing', message)
  }
  const parameters = {
    code,
    redirect_uri: o.redirectUri,
    ...(verifier && { code_verifier: verifier }),
  }
  const response = await askToken(as, client, 'authorization_code', parameters)
  return readAnswer(response, client, [code, verifier])
}

/** Sends the refresh token (RFC 6749 section 6), once and with a deadline of its own. */
export async function exchangeRefreshToken(
  as: oauth.AuthorizationServer,
  client: ProviderClient,
  token: Token,
  stamp: Stamp,
): Promise<Record<string, unknown>> {
  const { refreshEndpoint } = client.facts
  const tokenEndpoint = endpointOf(as, 'token_endpoint', client)
  if (new URL(tokenEndpoint).origin !== stamp.tokenOrigin) throw metadataChanged()
  const server = refreshEndpoint === undefined ? as : { ...as, token_endpoint: refreshEndpoint }
  const parameters = { refresh_token: token.refreshToken ?? '' }
  const response = await askToken(server, client, 'refresh_token', parameters, sendDeadline)
  return readAnswer(response, client, [token.refreshToken])
}

/** Revokes a grant by its refresh token, else its access token (RFC 7009). */
export async function revokeToken(
  as: oauth.AuthorizationServer,
  client: ProviderClient,
  token: Token,
): Promise<'revoked' | 'unsupported'> {
  const { revocation } = client.facts.quirks ?? {}
  if (revocation) return revokeByQuirk(revocation, client, token)
  if (as.revocation_endpoint === undefined) return 'unsupported'
  const response = await oauth.revocationRequest(
    as,
    { client_id: client.clientId() },
    clientAuthentication(client),
    token.refreshToken ?? token.accessToken,
    {
      ...requestOptions(client),
      additionalParameters: {
        token_type_hint: token.refreshToken === undefined ? 'access_token' : 'refresh_token',
      },
    },
  )
  if (response.status !== 200) throw await answerError(response, client)
  return 'revoked'
}

/** Whom a token answer belongs to. */
export function stampOf(as: oauth.AuthorizationServer, client: ProviderClient): Stamp {
  const tokenOrigin = new URL(endpointOf(as, 'token_endpoint', client)).origin
  return { issuer: client.protocol.issuerOf(client), clientId: client.clientId(), tokenOrigin }
}

async function revokeByQuirk(
  revocation: { method: string; url: string },
  client: ProviderClient,
  token: Token,
): Promise<'revoked'> {
  const url = revocation.url.replace('{client_id}', encodeURIComponent(client.clientId()))
  const response = await client.http.send(
    url,
    {
      method: revocation.method,
      headers: {
        ...client.facts.apiHeaders,
        authorization: `Basic ${btoa(`${client.clientId()}:${client.clientSecret()}`)}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ access_token: token.accessToken }),
    },
    { cap: tokenCap },
  )
  // 404 and 422: the provider knows no such token any more, which is what was asked for
  if (response.ok || response.status === 404 || response.status === 422) return 'revoked'
  throw await answerError(response, client)
}

function askToken(
  as: oauth.AuthorizationServer,
  client: ProviderClient,
  grantType: string,
  parameters: Record<string, string>,
  deadline?: number,
): Promise<Response> {
  return oauth.genericTokenEndpointRequest(
    as,
    { client_id: client.clientId() },
    clientAuthentication(client),
    grantType,
    parameters,
    requestOptions(client, deadline),
  )
}

function clientAuthentication(client: ProviderClient): oauth.ClientAuth {
  const { clientAuth = 'basic' } = client.facts
  if (clientAuth === 'none') return oauth.None()
  const secret = client.clientSecret()
  return clientAuth === 'post' ? oauth.ClientSecretPost(secret) : oauth.ClientSecretBasic(secret)
}

function requestOptions(client: ProviderClient, deadline?: number) {
  const limits = deadline === undefined ? { cap: tokenCap } : { cap: tokenCap, deadline }
  return {
    // http.send itself refuses what is neither https nor loopback
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: (url: string, init: oauth.CustomFetchOptions<string, unknown>) =>
      client.http.send(
        url,
        { method: init.method, headers: init.headers, body: String(init.body) },
        limits,
      ),
  }
}

function endpointOf(
  as: oauth.AuthorizationServer,
  name: 'authorization_endpoint' | 'token_endpoint',
  client: ProviderClient,
): string {
  const url = as[name]
  if (url !== undefined) return url
  const message = `Cannot use provider "${client.name}": its metadata lacks "${name}"`
  throw new DanceError('discovery_failed', message)
}

function metadataChanged(): DanceError {
  const message = 'Cannot go on: the provider now names another token endpoint; log in again'
  return new DanceError('metadata_changed', message)
}
