import { randomId } from '../base64url.ts'
import { DanceError } from '../errors.ts'
import type { Profile, Token } from '../facts.ts'
import { codeFlow } from './code-flow.ts'
import { discover } from './discovery.ts'
import { verifyIdToken } from './id-token.ts'
import { fetchProfile, profileOf } from './profile.ts'
import type { Grant, Protocol, ProviderClient } from './protocol.ts'

/** OpenID Connect 1.0: the code flow of OAuth 2.0 with discovery, a verified id_token and userinfo. */
export const oidc: Protocol = /* @__PURE__ */ codeFlow({
  needs: ['issuer'],
  issuerOf: ({ facts }) => facts.issuer ?? '',
  serverOf: discover,
  challenges: ({ facts }) => (facts.idToken?.nonce === false ? {} : { nonce: randomId(32) }),
  async identify(client, metadata, grant, idToken, known) {
    const verify = () => verifyIdToken(client, metadata, idToken, known)
    if ('secrets' in known) {
      const claims = await verify()
      return { ...withClaims(grant, claims), account: `${claims.iss}|${claims.sub}` }
    }
    const { idTokenClaims: earlier = {} } = known.before
    if (typeof idToken !== 'string') return withClaims(grant, earlier)
    const claims = await verify().catch((error: unknown) => {
      // The refresh token may be spent by now: keys that cannot be read must not cost its successor
      if (error instanceof DanceError && error.code !== 'id_token_invalid') return earlier
      throw error
    })
    return withClaims(grant, claims)
  },
  profile: readProfile,
})

// What served to check this one id_token is of no use later, and cookies are small.
function withClaims(grant: Grant, claims: Record<string, unknown>): Grant {
  const { nonce: _nonce, at_hash: _atHash, c_hash: _cHash, ...idTokenClaims } = claims
  return { ...grant, token: { ...grant.token, idTokenClaims } }
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
