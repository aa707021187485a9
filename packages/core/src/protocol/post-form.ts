import { type ClientAuth, ClientSecretBasic, ClientSecretPost, None } from 'oauth4webapi'
import type { ProviderClient } from './protocol.ts'

/** Octets of an answer that holds no more than a token. */
const tokenCap = 65_536

/**
 * Posts a form to the provider in the client's own name (RFC 6749 section 2.3).
 *
 * @param deadline Milliseconds for the whole exchange; the dance's `timeout` by default.
 */
export async function postForm(
  client: ProviderClient,
  url: string,
  parameters: Record<string, string>,
  deadline?: number,
): Promise<Response> {
  const body = new URLSearchParams(parameters)
  const headers = new Headers({
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
    'user-agent': 'fetch-dance',
  })
  const issuer = client.protocol.issuerOf(client)
  await clientAuthentication(client)({ issuer }, { client_id: client.clientId() }, body, headers)
  // a text: another realm's fetch does not know a form of this one
  const init = { method: 'POST', headers, body: body.toString() }
  return client.http.send(url, init, { cap: tokenCap, deadline })
}

/** How the client authenticates. Throws `option_invalid` where its secret is absent. */
export function clientAuthentication(client: ProviderClient): ClientAuth {
  const { clientAuth = 'basic' } = client.facts
  if (clientAuth === 'none') return None()
  const secret = client.clientSecret()
  return clientAuth === 'post' ? ClientSecretPost(secret) : ClientSecretBasic(secret)
}
