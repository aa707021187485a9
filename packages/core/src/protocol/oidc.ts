import type { AuthorizationServer } from 'oauth4webapi'
import { randomId } from '../base64url.ts'
import { DanceError } from '../errors.ts'
import type { Profile, Token } from '../facts.ts'
import { tokenFromAnswer } from '../token.ts'
import { bearer } from './bearer.ts'
import {
  authorizationRequest,
  exchangeCode,
  exchangeRefreshToken,
  revokeToken,
  stampOf,
} from './code-flow.ts'
import { discover } from './discovery.ts'
import { type Claims, verifyIdToken } from './id-token.ts'
import { fetchProfile, profileOf } from './profile.ts'
import type { Protocol, ProviderClient } from './protocol.ts'

/** OpenID Connect 1.0: the code flow of OAuth 2.0 with discovery, a verified id_token and userinfo. */
export const oidc: Protocol = {
  needs: ['issuer'],
  issuerOf: ({ facts }) => facts.issuer ?? '',
  stamp: async (client) => stampOf(await discover(client), client),
  async begin(client, o) {
    const { url, secrets } = await authorizationRequest(await discover(client), client, o)
    if (client.facts.idToken?.nonce === false) return { url, secrets }
    const nonce = randomId(32)
    url.searchParams.set('nonce', nonce)
    return { url, secrets: { ...secrets, nonce } }
  },
  async finish(client, o) {
    const as = await discover(client)
    const answer = await exchangeCode(as, client, o)
    const idToken = answer['id_token']
    const { token, scopesKnown } = tokenFromAnswer(answer)
    if (typeof idToken !== 'string') {
      throw new DanceError('id_token_invalid', 'Cannot connect: the provider sent no id_token')
    }
    const nonce = o.secrets['nonce'] ?? null
    const claims = await verifyIdToken(client, as, idToken, { nonce })
    const stamp = stampOf(as, client)
    return { token: withClaims(token, claims), scopesKnown, account: accountOf(claims), stamp }
  },
  async refresh(client, token, stamp) {
    const as = await discover(client)
    const answer = await exchangeRefreshToken(as, client, token, stamp)
    const fresh = tokenFromAnswer(answer)
    const idToken = answer['id_token']
    const earlier = token.idTokenClaims ?? {}
    const claims =
      typeof idToken === 'string' ? await refreshedClaims(client, as, idToken, earlier) : earlier
    return {
      ...fresh,
      token: withClaims(fresh.token, claims),
      account: '',
      stamp: stampOf(as, client),
    }
  },
  authorize: bearer,
  revoke: async (client, token) => revokeToken(await discover(client), client, token),
  profile: readProfile,
}

// The refresh token may be spent by now: keys that cannot be read must not cost its successor.
async function refreshedClaims(
  client: ProviderClient,
  as: AuthorizationServer,
  idToken: string,
  earlier: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  try {
    return await verifyIdToken(client, as, idToken, { earlier })
  } catch (error) {
    if (error instanceof DanceError && error.code !== 'id_token_invalid') return earlier
    throw error
  }
}

async function readProfile(client: ProviderClient, token: Token): Promise<Profile> {
  const { userinfo_endpoint: userinfo } = await discover(client)
  const claims = token.idTokenClaims ?? {}
  const url = client.facts.profile?.url ?? userinfo
  if (url === undefined) return profileOf(claims, client)
  const profile = await fetchProfile(client, token, url)
  const { sub } = profile.raw as { sub?: unknown } // a JSON object, and any member may be looked at
  // OpenID Connect Core 1.0 section 5.3.2: otherwise the answer must not be used
  if (url === userinfo && claims['sub'] !== undefined && sub !== claims['sub']) {
    throw new DanceError('id_token_invalid', 'Cannot read the profile: it is another account')
  }
  return profile
}

function accountOf({ iss, sub }: Claims): string {
  return `${iss}|${sub}`
}

// What served to check this one id_token is of no use later, and cookies are small.
function withClaims(token: Token, claims: Record<string, unknown>): Token {
  const { nonce: _nonce, at_hash: _atHash, c_hash: _cHash, ...idTokenClaims } = claims
  return { ...token, idTokenClaims }
}
