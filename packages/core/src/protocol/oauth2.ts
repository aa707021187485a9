import type { AuthorizationServer } from 'oauth4webapi'
import { tokenFromAnswer } from '../token.ts'
import { bearer } from './bearer.ts'
import {
  authorizationRequest,
  exchangeCode,
  exchangeRefreshToken,
  revokeToken,
  stampOf,
} from './code-flow.ts'
import { fetchProfile } from './profile.ts'
import type { Grant, Protocol, ProviderClient } from './protocol.ts'

/** OAuth 2.0: authorization code with PKCE (RFC 6749, RFC 7636), endpoints from the provider's facts. */
export const oauth2: Protocol = {
  needs: ['authorizationEndpoint', 'tokenEndpoint'],
  issuerOf: ({ facts }) => facts.issuer ?? `${facts.authorizationEndpoint} ${facts.tokenEndpoint}`,
  stamp: async (client) => stampOf(serverOf(client), client),
  begin: (client, o) => authorizationRequest(serverOf(client), client, o),
  async finish(client, o) {
    const as = serverOf(client)
    return grantOf(
      await exchangeCode(as, client, { ...o, parameters: issOnlyWithIssuer(client, o) }),
      as,
      client,
    )
  },
  async refresh(client, token, stamp) {
    const as = serverOf(client)
    return grantOf(await exchangeRefreshToken(as, client, token, stamp), as, client)
  },
  authorize: bearer,
  revoke: (client, token) => revokeToken(serverOf(client), client, token),
  profile: (client, token) => fetchProfile(client, token),
}

function serverOf({ facts }: ProviderClient): AuthorizationServer {
  const server: AuthorizationServer = { issuer: facts.issuer ?? 'https://issuer.invalid' }
  return Object.assign(
    server,
    facts.authorizationEndpoint && { authorization_endpoint: facts.authorizationEndpoint },
    facts.tokenEndpoint && { token_endpoint: facts.tokenEndpoint },
    facts.revocationEndpoint && { revocation_endpoint: facts.revocationEndpoint },
  )
}

// A provider may begin to send `iss` (RFC 9207) any day; without an issuer to compare it with it says nothing.
function issOnlyWithIssuer(
  client: ProviderClient,
  o: { parameters: URLSearchParams },
): URLSearchParams {
  if (client.facts.issuer !== undefined) return o.parameters
  const parameters = new URLSearchParams(o.parameters)
  parameters.delete('iss')
  return parameters
}

function grantOf(
  answer: Record<string, unknown>,
  as: AuthorizationServer,
  client: ProviderClient,
): Grant {
  return { ...tokenFromAnswer(answer), account: '', stamp: stampOf(as, client) }
}
