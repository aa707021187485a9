/**
 * Google, by OpenID Connect.
 *
 * @see https://developers.google.com/identity/openid-connect/openid-connect
 * @see https://developers.google.com/identity/protocols/oauth2/web-server
 * Facts of 2026-11. Maintainer: the fetch-dance contributors.
 */
import { oidcProvider, type PresetOptions, type Provider } from 'fetch-dance'

/** A Google account as userinfo answers; what is used of it. */
export interface GoogleUser {
  readonly sub: string
  /** The Workspace domain, where there is one. */
  readonly hd?: string
}

/** Options of {@link google}. */
export interface GoogleOptions extends PresetOptions {
  /** Asks for a refresh token, with all that Google needs for it; the person is asked for consent at each login. */
  readonly offline?: boolean
}

/**
 * Google. Without `offline` a connection ends after an hour. By default it asks for `openid email profile`.
 *
 * @example
 * ```ts
 * import { createDance } from 'fetch-dance'
 * import { google } from '@fetch-dance/providers/google'
 *
 * export const dance = createDance({ providers: { google: google({ offline: true }) } })
 * ```
 */
export function google({ offline = false, ...options }: GoogleOptions = {}): Provider<GoogleUser> {
  return oidcProvider<GoogleUser>({
    scopes: ['openid', 'email', 'profile'],
    ...options,
    id: 'google',
    issuer: 'https://accounts.google.com',
    clientAuth: 'post',
    rotation: 'none',
    apiBase: 'https://www.googleapis.com',
    apiOrigins: [
      'https://www.googleapis.com',
      'https://openidconnect.googleapis.com',
      'https://people.googleapis.com',
      'https://gmail.googleapis.com',
    ],
    authorizationParams: {
      include_granted_scopes: 'true',
      ...(offline && { access_type: 'offline', prompt: 'consent' }),
    },
    quirks: {
      scopeAliases: {
        email: 'https://www.googleapis.com/auth/userinfo.email',
        profile: 'https://www.googleapis.com/auth/userinfo.profile',
      },
    },
  })
}
