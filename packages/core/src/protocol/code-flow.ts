import { randomId, sha256 } from '../base64url.ts'
import { cannotConnect, DanceError } from '../errors.ts'
import { sendDeadline } from '../http.ts'
import { tokenFromAnswer } from '../token.ts'
import { readAuthorizationAnswer } from './authorization-answer.ts'
import { clientAuthentication, postForm } from './post-form.ts'
import type { FlowSecrets, Grant, Known, Protocol, ProviderClient, Stamp } from './protocol.ts'
import { readAnswer } from './provider-answer.ts'
import { revokeToken } from './revoke-token.ts'
import type { Server } from './server.ts'

/** What one protocol brings to the code flow. */
export interface CodeFlow<S extends Server>
  extends Pick<Protocol, 'needs' | 'issuerOf' | 'profile'> {
  /** The provider's endpoints; with discovery it may ask the network. */
  serverOf(client: ProviderClient): S | Promise<S>
  /** Parameters of its own for the authorization request, to be remembered until the answer. */
  challenges?(client: ProviderClient): FlowSecrets
  /** Adds what the answer's id_token says. */
  identify?(
    client: ProviderClient,
    server: S,
    grant: Grant,
    idToken: unknown,
    known: Known,
  ): Promise<Grant>
}

/** The authorization code flow with PKCE (RFC 6749 section 4.1, RFC 7636) as a {@link Protocol}. */
export function codeFlow<S extends Server>(flow: CodeFlow<S>): Protocol {
  const { serverOf } = flow
  return {
    ...flow,
    stamp: async (client) => stampOf(await serverOf(client), client),
    begin: async (client, o) =>
      authorizationRequest(await serverOf(client), client, o, flow.challenges?.(client)),
    async finish(client, o) {
      const server = await serverOf(client)
      const { verifier, tokenEndpoint } = o.secrets
      if (tokenEndpoint !== server.token_endpoint) throw metadataChanged()
      const code = readAuthorizationAnswer(server, client, o.parameters)
      if (verifier === undefined && client.facts.pkce !== 'breaks') {
        throw cannotConnect('flow_missing', 'the login began without PKCE')
      }
      const response = await postForm(client, server.token_endpoint, {
        grant_type: 'authorization_code',
        code,
        redirect_uri: o.redirectUri,
        ...(verifier && { code_verifier: verifier }),
      })
      return grantOf(flow, client, server, o, await readAnswer(response, client, [code, verifier]))
    },
    // Sent once and with a deadline of its own (RFC 6749 section 6)
    async refresh(client, before, { tokenOrigin }) {
      const server = await serverOf(client)
      if (stampOf(server, client).tokenOrigin !== tokenOrigin) throw metadataChanged()
      const { refreshToken = '' } = before
      const url = client.facts.refreshEndpoint ?? server.token_endpoint
      const parameters = { grant_type: 'refresh_token', refresh_token: refreshToken }
      const response = await postForm(client, url, parameters, sendDeadline)
      const answer = await readAnswer(response, client, [refreshToken])
      return grantOf(flow, client, server, { before }, answer)
    },
    // Bearer credentials (RFC 6750 section 2.1), over whatever the caller sent
    async authorize({ accessToken }, { headers }) {
      const authorized = new Headers(headers)
      authorized.set('authorization', `Bearer ${accessToken}`)
      return authorized
    },
    revoke: async (client, token) => revokeToken(await serverOf(client), client, token),
  }
}

async function authorizationRequest(
  server: Server,
  client: ProviderClient,
  o: { redirectUri: string; state: string; params: URLSearchParams },
  challenges?: FlowSecrets,
): Promise<{ url: URL; secrets: FlowSecrets }> {
  clientAuthentication(client) // an absent secret is told before consent, not after it
  const { responseMode, pkce } = client.facts
  const verifier = pkce === 'breaks' ? undefined : randomId(32)
  const url = new URL(server.authorization_endpoint)
  const { searchParams } = url
  for (const name of o.params.keys()) searchParams.delete(name)
  // a `resource` may stand there more than once (RFC 8707 section 2)
  for (const [name, value] of o.params) searchParams.append(name, value)
  const own = {
    client_id: client.clientId(),
    redirect_uri: o.redirectUri,
    response_type: 'code',
    state: o.state,
    ...(responseMode === 'form_post' && { response_mode: responseMode }),
    ...(verifier && { code_challenge: await sha256(verifier), code_challenge_method: 'S256' }),
    ...challenges,
  }
  for (const [name, value] of Object.entries(own)) searchParams.set(name, value)
  const secrets = { tokenEndpoint: server.token_endpoint, ...challenges }
  return { url, secrets: { ...secrets, ...(verifier && { verifier }) } }
}

async function grantOf<S extends Server>(
  flow: CodeFlow<S>,
  client: ProviderClient,
  server: S,
  known: Known,
  answer: Record<string, unknown>,
): Promise<Grant> {
  const grant = {
    ...tokenFromAnswer(answer, client.facts.quirks?.bearer),
    account: '',
    stamp: stampOf(server, client),
  }
  return flow.identify?.(client, server, grant, answer['id_token'], known) ?? grant
}

function stampOf(server: Server, client: ProviderClient): Stamp {
  const tokenOrigin = new URL(server.token_endpoint).origin
  return { issuer: client.protocol.issuerOf(client), clientId: client.clientId(), tokenOrigin }
}

function metadataChanged(): DanceError {
  return new DanceError(
    'metadata_changed',
    'Cannot go on: the token endpoint has changed; log in again',
  )
}
