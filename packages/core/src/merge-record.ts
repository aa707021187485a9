import { randomId } from './base64url.ts'
import type { Token } from './facts.ts'
import type { Grant, ProviderClient } from './protocol/protocol.ts'
import type { ConnectionRecord } from './record-shapes.ts'
import { now } from './token.ts'

/**
 * The record after a login. An answer without a refresh token keeps the old one, but only of an account that is known
 * and the same: another account never gets it.
 */
export function mergeLogin(
  client: ProviderClient,
  previous: ConnectionRecord | null,
  granted: Grant,
  requested: readonly string[],
): ConnectionRecord {
  const scopes = granted.scopesKnown ? askedNames(client, granted.token.scopes) : [...requested]
  const keeps =
    granted.token.refreshToken === undefined &&
    previous !== null &&
    previous.ended === undefined &&
    previous.account !== '' &&
    previous.account === granted.account &&
    previous.stamp.issuer === granted.stamp.issuer &&
    previous.stamp.clientId === granted.stamp.clientId
  return {
    token: withRefreshToken({ ...granted.token, scopes }, keeps ? previous.token : null),
    obtainedAt: now(),
    connectedAt: Date.now() / 1000,
    account: granted.account,
    stamp: granted.stamp,
    grant: keeps ? previous.grant : randomId(),
    refused: requested.filter((scope) => !scopes.includes(scope)),
  }
}

/** The record after a refresh: what the answer does not say stays as it was. */
export function mergeRefresh(
  client: ProviderClient,
  { token, connectedAt, account, grant, refused }: ConnectionRecord,
  granted: Grant,
): ConnectionRecord {
  const scopes = granted.scopesKnown ? askedNames(client, granted.token.scopes) : token.scopes
  const raw = { ...token.raw, ...granted.token.raw }
  return {
    token: withRefreshToken({ ...granted.token, scopes, raw }, token),
    obtainedAt: now(),
    connectedAt,
    account,
    stamp: granted.stamp,
    grant,
    refused,
  }
}

function withRefreshToken(token: Token, earlier: Token | null): Token {
  const refreshToken = token.refreshToken ?? earlier?.refreshToken
  return refreshToken === undefined ? token : { ...token, refreshToken }
}

// Some providers answer with another name for a scope than it was asked by.
function askedNames(client: ProviderClient, scopes: readonly string[]): string[] {
  const aliases = Object.entries(client.facts.quirks?.scopeAliases ?? {})
  return scopes.map((scope) => aliases.find(([, alias]) => alias === scope)?.[0] ?? scope)
}
