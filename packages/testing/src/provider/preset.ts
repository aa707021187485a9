import { oauth2Provider, oidcProvider, type Provider } from 'fetch-dance'
import type { FakeUser } from './resources.ts'
import type { Server } from './server.ts'

type OAuth2Options = Parameters<typeof oauth2Provider<FakeUser>>[0]
type OidcOptions = Parameters<typeof oidcProvider<FakeUser>>[0]

/** What a test may change in the preset that `fake.provider()` makes: every option of a provider. */
export interface FakePreset
  extends Partial<Omit<OAuth2Options, 'id'>>,
    Partial<Pick<OidcOptions, 'idToken'>> {}

/** The provider for `createDance`: where the fake is, and the app's credentials there. */
export function makePreset(server: Server, changes: FakePreset): Provider<FakeUser> {
  const { id, issuer, clientId, clientSecret, settings } = server
  const common = {
    id,
    clientId,
    ...(settings.clientAuth === 'none' ? {} : { clientSecret }),
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
