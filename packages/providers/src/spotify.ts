/**
 * Spotify.
 *
 * @see https://developer.spotify.com/documentation/web-api/tutorials/code-flow
 * @see https://developer.spotify.com/documentation/web-api/references/changes/may-2026
 * @see https://developer.spotify.com/blog/2026-06-18-refresh-token-expiration
 * Facts of 2026-11. Maintainer: the fetch-dance contributors.
 */
import { oauth2Provider, type PresetOptions, type Provider } from 'fetch-dance'

/** A Spotify user as `GET /v1/me` answers; what is used of it. */
export interface SpotifyUser {
  readonly id: string
  /** Stable for the life of the account, which `id` is not; answered since May 2026. */
  readonly account_id?: string
  readonly display_name?: string | null
  /** With the scope `user-read-email`. Spotify does not verify it. */
  readonly email?: string
  readonly images?: readonly { readonly url: string }[]
}

/**
 * Spotify. An access token lives for an hour; six months after a login its refresh token ends, and the person has to log
 * in again. By default it asks for `user-read-email`.
 *
 * @example
 * ```ts
 * import { createDance } from 'fetch-dance'
 * import { spotify } from '@fetch-dance/providers/spotify'
 *
 * const optionalScopes = ['user-top-read']
 * export const dance = createDance({ providers: { spotify: spotify({ optionalScopes }) } })
 * ```
 */
export function spotify(options: PresetOptions = {}): Provider<SpotifyUser> {
  return oauth2Provider<SpotifyUser>({
    scopes: ['user-read-email'],
    ...options,
    id: 'spotify',
    authorizationEndpoint: 'https://accounts.spotify.com/authorize',
    tokenEndpoint: 'https://accounts.spotify.com/api/token',
    rotation: 'none',
    apiBase: 'https://api.spotify.com/v1',
    profile: { url: 'https://api.spotify.com/v1/me', map: profileOf },
  })
}

function profileOf({ id, account_id, display_name, email, images }: SpotifyUser) {
  const picture = images?.[0]?.url
  return {
    id: account_id || id,
    name: display_name || id,
    ...(email && { email, emailVerified: false }),
    ...(picture && { picture }),
  }
}
