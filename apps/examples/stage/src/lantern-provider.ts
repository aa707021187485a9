import type { Provider } from 'fetch-dance'

/**
 * Lantern in a preset's place: it asks for the preset's scopes, maps the profile as the preset does and answers under
 * the same API paths, so that an app works the same with both. Runs in every runtime.
 *
 * @param issuer Where Lantern is: `LANTERN_ISSUER`.
 * @param preset What the app uses with real credentials: `github({ optionalScopes: ['repo'] })`.
 * @returns A provider for the `providers` option, under the preset's name.
 */
export function lanternProvider<Raw>(issuer: string, preset: Provider<Raw>): Provider<Raw> {
  const { id, scopes, optionalScopes, apiHeaders, profile, quirks, authorizationEndpoint } =
    preset.facts
  const api = `${issuer}/api`
  // OpenID Connect discovers its endpoints; what speaks plain OAuth 2.0 has to name them.
  const endpoints = authorizationEndpoint && {
    authorizationEndpoint: `${issuer}/auth`,
    tokenEndpoint: `${issuer}/token`,
    revocationEndpoint: `${issuer}/token/revocation`,
  }
  return {
    ...preset,
    facts: {
      id,
      issuer,
      scopes,
      optionalScopes,
      apiBase: api,
      rotation: 'strict',
      ...(apiHeaders && { apiHeaders }),
      ...(profile && { profile: { ...profile, url: api + apiPath(preset, profile.url) } }),
      ...(quirks?.profileMember && { quirks: { profileMember: quirks.profileMember } }),
      ...endpoints,
    },
  }
}

/** The path below the API's base, as `connection.fetch` takes it. */
function apiPath({ facts: { apiBase = '' } }: Provider, url: string): string {
  return url.startsWith(apiBase) ? url.slice(apiBase.length) : new URL(url).pathname
}
