import { oauth2Provider, oidcProvider, type Provider } from 'fetch-dance'
import type { FakeUser } from './resources.ts'
import type { Server } from './server.ts'

/** What a test may change in the preset that `fake.provider()` makes. */
export interface FakePreset {
  readonly scopes?: readonly string[]
  readonly optionalScopes?: readonly string[]
  readonly apiBase?: string
  readonly apiOrigins?: readonly string[]
  readonly apiHeaders?: Readonly<Record<string, string>>
  readonly authorizationParams?: Readonly<Record<string, string>>
  readonly clientId?: string
  readonly clientSecret?: string
  readonly clientAuth?: 'basic' | 'post' | 'none'
  readonly responseMode?: 'query' | 'form_post'
  readonly rotation?: 'none' | 'grace' | 'strict' | 'unknown'
}

/** The provider for `createDance`: where the fake is, and the app's credentials there. */
export function makePreset(server: Server, changes: FakePreset): Provider<FakeUser> {
  const { id, issuer, clientId, clientSecret, settings } = server
  const common = {
    id,
    clientId,
    clientSecret,
    apiBase: `${issuer}/api`,
    rotation: settings.rotation,
    ...(settings.clientAuth === 'any' ? {} : { clientAuth: settings.clientAuth }),
    ...(settings.scopeSeparator === ' ' ? {} : { scopeSeparator: settings.scopeSeparator }),
  }
  if (server.oidc) {
    return oidcProvider<FakeUser>({
      ...common,
      scopes: ['openid', 'profile', 'email'],
      issuer,
      ...changes,
    })
  }
  return oauth2Provider<FakeUser>({
    ...common,
    authorizationEndpoint: `${issuer}/authorize`,
    tokenEndpoint: `${issuer}/token`,
    profile: { url: `${issuer}/api/user` },
    ...(server.revocation ? { revocationEndpoint: `${issuer}/revoke` } : {}),
    ...(settings.iss === false ? {} : { issuer }),
    ...changes,
  })
}
