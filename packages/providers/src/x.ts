/**
 * X, formerly Twitter, by OAuth 2.0.
 *
 * @see https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code
 * @see https://docs.x.com/fundamentals/authentication/oauth-2-0/user-access-token
 * Facts of 2026-11. Maintainer: the fetch-dance contributors.
 */
import { oauth2Provider, type PresetOptions, type Provider } from 'fetch-dance'

/** An X user as `GET /2/users/me` answers; what is used of it. */
export interface XUser {
  readonly id: string
  readonly name: string
  readonly username: string
  readonly profile_image_url?: string
}

/** Options of {@link x}. */
export interface XOptions extends PresetOptions {
  /** Asks for a refresh token too; without one a connection ends after two hours. */
  readonly offline?: boolean
}

/**
 * X. By default it asks for `users.read` and `tweet.read`; posting takes `tweet.write`.
 *
 * @example
 * ```ts
 * import { createDance } from 'fetch-dance'
 * import { x } from '@fetch-dance/providers/x'
 *
 * export const dance = createDance({ providers: { x: x({ offline: true }) } })
 * ```
 */
export function x({ offline = false, ...options }: XOptions = {}): Provider<XUser> {
  const { scopes = ['users.read', 'tweet.read'] } = options
  return oauth2Provider<XUser>({
    ...options,
    scopes: offline ? [...scopes, 'offline.access'] : scopes,
    id: 'x',
    authorizationEndpoint: 'https://x.com/i/oauth2/authorize',
    tokenEndpoint: 'https://api.x.com/2/oauth2/token',
    revocationEndpoint: 'https://api.x.com/2/oauth2/revoke',
    rotation: 'strict',
    apiBase: 'https://api.x.com/2',
    profile: { url: 'https://api.x.com/2/users/me?user.fields=profile_image_url', map: profileOf },
    quirks: {
      profileMember: 'data',
      grantRefused: ['invalid_request'], // what it says to a code or a refresh token that it does not know
    },
  })
}

function profileOf({ id, name, profile_image_url }: XUser) {
  return { id, name, ...(profile_image_url && { picture: profile_image_url }) }
}
