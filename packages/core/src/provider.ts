import type { OAuth2ProviderOptions, OidcProviderOptions } from './facts.ts'
import { oauth2 } from './protocol/oauth2.ts'
import { oidc } from './protocol/oidc.ts'
import type { Provider } from './protocol/protocol.ts'

/**
 * A provider that speaks OAuth 2.0: authorization code (RFC 6749 section 4.1) with PKCE (RFC 7636).
 *
 * @param o The provider's facts; `clientId` and `clientSecret` come from the environment when left out.
 * @returns A provider for the `providers` option; wrong facts make `createDance` throw `option_invalid`.
 * @example
 * ```ts
 * import { oauth2Provider } from 'fetch-dance'
 *
 * export const strava = oauth2Provider<{ id: number; firstname: string }>({
 *   id: 'strava',
 *   authorizationEndpoint: 'https://www.strava.com/oauth/authorize',
 *   tokenEndpoint: 'https://www.strava.com/oauth/token',
 *   apiBase: 'https://www.strava.com/api/v3',
 *   profile: { url: 'https://www.strava.com/api/v3/athlete', map: (raw) => ({ id: String(raw.id), name: raw.firstname }) },
 * })
 * ```
 */
export function oauth2Provider<Raw = Record<string, unknown>>(
  o: OAuth2ProviderOptions<Raw>,
): Provider<Raw> {
  // a copy: what is done to the options later changes nothing here
  return { id: o.id, protocol: oauth2, facts: { ...o } }
}

/**
 * A provider that speaks OpenID Connect 1.0: discovery, a verified id_token (Core section 3.1.3.7), userinfo.
 *
 * @param o The issuer and what cannot be discovered; `openid` is added to the scopes where it is missing.
 * @returns A provider for the `providers` option; wrong facts make `createDance` throw `option_invalid`.
 * @example
 * ```ts
 * import { oidcProvider } from 'fetch-dance'
 *
 * export const work = oidcProvider({ id: 'work', issuer: 'https://login.example.com', scopes: ['email'] })
 * ```
 */
export function oidcProvider<Raw = Record<string, unknown>>(
  o: OidcProviderOptions<Raw>,
): Provider<Raw> {
  const scopes = o.scopes ?? []
  const all = scopes.includes('openid') ? scopes : ['openid', ...scopes]
  return { id: o.id, protocol: oidc, facts: { ...o, scopes: all } }
}
