import { randomId } from '../base64url.ts'
import { DanceError } from '../errors.ts'
import type { Profile, Token } from '../facts.ts'
import { codeFlow } from './code-flow.ts'
import { discover, type Metadata } from './discovery.ts'
import { invalidIdToken, verifyIdToken } from './id-token.ts'
import { fetchProfile, profileOf } from './profile.ts'
import type { FlowSecrets, Protocol, ProviderClient } from './protocol.ts'

/** OpenID Connect 1.0: the code flow of OAuth 2.0 with discovery, a verified id_token and userinfo. */
export const oidc: Protocol = /* @__PURE__ */ codeFlow({
  needs: ['issuer'],
  issuerOf: ({ facts }) => facts.issuer ?? '',
  serverOf: discover,
  challenges: ({ facts }) => (facts.idToken?.nonce === false ? {} : { nonce: randomId(32) }),
  async identify(client, metadata, idToken, o) {
    if ('before' in o) {
      const idTokenClaims = await refreshedClaims(client, metadata, idToken, o.before)
      return { idTokenClaims, account: '' }
    }
    return loginClaims(client, metadata, idToken, o.secrets)
  },
  profile: readProfile,
})

async function loginClaims(
  client: ProviderClient,
  metadata: Metadata,
  idToken: unknown,
  { nonce }: FlowSecrets,
) {
  if (typeof idToken !== 'string') throw invalidIdToken('the provider sent none')
  const claims = await verifyIdToken(client, metadata, idToken, { nonce })
  return { idTokenClaims: keptOf(claims), account: `${claims.iss}|${claims.sub}` }
}

// The refresh token may be spent by now: keys that cannot be read must not cost its successor.
async function refreshedClaims(
  client: ProviderClient,
  metadata: Metadata,
  idToken: unknown,
  { idTokenClaims: earlier = {} }: Token,
): Promise<Record<string, unknown>> {
  if (typeof idToken !== 'string') return earlier
  try {
    return keptOf(await verifyIdToken(client, metadata, idToken, { earlier }))
  } catch (error) {
    if (error instanceof DanceError && error.code !== 'id_token_invalid') return earlier
    throw error
  }
}

// What served to check this one id_token is of no use later, and cookies are small.
function keptOf(claims: Record<string, unknown>): Record<string, unknown> {
  const { nonce: _nonce, at_hash: _atHash, c_hash: _cHash, ...kept } = claims
  return kept
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
