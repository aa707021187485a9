import { type Grant, newSecret, type Server, serverTime } from './server.ts'

/** Tokens just issued, in wire names. */
export interface Issued {
  readonly access_token: string
  readonly token_type: 'bearer'
  readonly expires_in?: number
  readonly refresh_token?: string
  readonly refresh_token_expires_in?: number
  readonly scope?: string
}

/** Issues an access token under a grant and, if asked, a refresh token. */
export function issueTokens(
  server: Server,
  grant: Grant,
  {
    scopes = grant.scopes,
    refresh = server.settings.refreshToken,
  }: { scopes?: readonly string[]; refresh?: boolean } = {},
): Issued {
  const { expiresIn, refreshExpiresIn, omitScope, scopeSeparator } = server.settings
  const accessToken = newSecret(server, 'access')
  server.grants.add(grant)
  server.accessTokens.set(accessToken, { grant, scopes, expiresAt: expiryOf(server, expiresIn) })
  return {
    access_token: accessToken,
    token_type: 'bearer',
    ...(expiresIn === null ? {} : { expires_in: expiresIn }),
    ...(omitScope ? {} : { scope: scopes.join(scopeSeparator) }),
    ...(refresh ? { refresh_token: issueRefreshToken(server, grant) } : {}),
    ...(refresh && refreshExpiresIn !== null ? { refresh_token_expires_in: refreshExpiresIn } : {}),
  }
}

/** Ends a grant: nothing issued under it works any longer. */
export function endGrant(server: Server, grant: Grant): void {
  grant.ended = true
  server.grants.delete(grant)
}

function issueRefreshToken(server: Server, grant: Grant): string {
  const token = newSecret(server, 'refresh')
  const expiresAt = expiryOf(server, server.settings.refreshExpiresIn)
  server.refreshTokens.set(token, { grant, expiresAt, spentAt: null })
  return token
}

function expiryOf(server: Server, life: number | null): number {
  return life === null ? Number.POSITIVE_INFINITY : serverTime(server) + life
}
