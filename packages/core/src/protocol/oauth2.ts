import { codeFlow } from './code-flow.ts'
import { fetchProfile } from './profile.ts'
import type { Protocol } from './protocol.ts'

/** OAuth 2.0 (RFC 6749): the code flow, with endpoints from the provider's facts. */
export const oauth2: Protocol = /* @__PURE__ */ codeFlow({
  needs: ['authorizationEndpoint', 'tokenEndpoint'],
  issuerOf: ({ facts }) => facts.issuer ?? `${facts.authorizationEndpoint} ${facts.tokenEndpoint}`,
  serverOf: ({ facts: { authorizationEndpoint = '', tokenEndpoint = '' } }) => ({
    authorization_endpoint: authorizationEndpoint,
    token_endpoint: tokenEndpoint,
  }),
  profile: fetchProfile,
})
