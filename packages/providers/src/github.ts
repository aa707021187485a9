/**
 * GitHub: OAuth Apps and GitHub Apps.
 * @see https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
 * @see https://github.blog/changelog/2025-07-14-pkce-support-for-oauth-and-github-app-authentication
 * Facts of 2026-11. Maintainer: the fetch-dance contributors.
 */
import { oauth2Provider, type PresetOptions, type Provider } from 'fetch-dance'

/** A GitHub user as `GET /user` answers; what is used of it. */
export interface GitHubUser {
  readonly id: number
  readonly login: string
  readonly name?: string | null
  readonly email?: string | null
  readonly avatar_url?: string
}

/**
 * GitHub. Tokens of OAuth Apps do not end; those of GitHub Apps may, and are then refreshed.
 * By default it asks for `read:user` and `user:email`.
 *
 * @example
 * ```ts
 * import { createDance } from 'fetch-dance'
 * import { github } from '@fetch-dance/providers/github'
 *
 * export const dance = createDance({ providers: { github: github({ optionalScopes: ['repo'] }) } })
 * ```
 */
export function github(options: PresetOptions = {}): Provider<GitHubUser> {
  return oauth2Provider<GitHubUser>({
    scopes: ['read:user', 'user:email'],
    ...options,
    id: 'github',
    issuer: 'https://github.com/login/oauth',
    authorizationEndpoint: 'https://github.com/login/oauth/authorize',
    tokenEndpoint: 'https://github.com/login/oauth/access_token',
    clientAuth: 'post',
    rotation: 'strict',
    apiBase: 'https://api.github.com',
    apiHeaders: { accept: 'application/vnd.github+json', 'user-agent': 'fetch-dance' },
    profile: { url: 'https://api.github.com/user', map: profileOf },
    quirks: {
      grantRefused: ['bad_verification_code', 'bad_refresh_token'],
      revocation: {
        method: 'DELETE',
        url: 'https://api.github.com/applications/{client_id}/grant',
      },
    },
  })
}

// `id` is read by its name: a number, and an answer without one is an error
function profileOf({ login, name, email, avatar_url }: GitHubUser) {
  return {
    name: name || login,
    ...(email && { email }),
    ...(avatar_url && { picture: avatar_url }),
  }
}
