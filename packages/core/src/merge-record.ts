import { randomId } from './base64url.ts'
import type { Token } from './facts.ts'
import type { Grant, ProviderClient } from './protocol/protocol.ts'
import type { ConnectionRecord } from './record-shapes.ts'

/**
 * The record after a login. An answer without a refresh token keeps the old one, but only of an account that is known
 * and the same: another account never gets it.
 *
 * @param previous What stood there, of the same issuer and client: any other counts as absent when it is read.
 */
export function mergeLogin(
  client: ProviderClient,
  previous: ConnectionRecord | null | undefined,
  granted: Grant,
  requested: readonly string[],
): ConnectionRecord {
  const { account, stamp } = granted
  const isSame = account !== '' && account === previous?.account && !previous.ended
  const kept = isSame && granted.token.refreshToken === undefined ? previous : undefined
  const token = mergeToken(client, granted, requested, kept?.token)
  return {
    token,
    obtainedAt: Date.now() / 1000,
    connectedAt: Date.now() / 1000,
    account,
    stamp,
    grant: kept?.grant ?? randomId(),
    refused: requested.filter((scope) => !token.scopes.includes(scope)),
    ...dueAtOf(granted, kept?.dueAt),
    // a refresh of the token it keeps may be on its way
    ...(kept?.claim && { claim: kept.claim }),
  }
}

/** The record after a refresh: what the answer does not say stays as it was. */
export function mergeRefresh(
  client: ProviderClient,
  { token, connectedAt, account, grant, refused, dueAt }: ConnectionRecord,
  granted: Grant,
): ConnectionRecord {
  const fresh = mergeToken(client, granted, token.scopes, token)
  return {
    token: { ...fresh, raw: { ...token.raw, ...fresh.raw } },
    obtainedAt: Date.now() / 1000,
    connectedAt,
    account,
    stamp: granted.stamp,
    grant,
    refused,
    ...dueAtOf(granted, dueAt),
  }
}

/** A record without its claim. */
export function unclaimed({ claim: _over, ...record }: ConnectionRecord): ConnectionRecord {
  return record
}

// A new refresh token whose life is not told lives for an unknown time.
function dueAtOf({ token, dueAt }: Grant, earlier: number | undefined): { dueAt?: number } {
  const known = dueAt ?? (token.refreshToken === undefined ? earlier : undefined)
  return known === undefined ? {} : { dueAt: known }
}

// Some providers answer with another name for a scope than it was asked by.
function mergeToken(
  { facts }: ProviderClient,
  { token, scopesKnown }: Grant,
  otherwise: readonly string[],
  earlier: Token | undefined,
): Token {
  const aliases = Object.entries(facts.quirks?.scopeAliases ?? {})
  const nameOf = (scope: string) => aliases.find(([, alias]) => alias === scope)?.[0] ?? scope
  const scopes = scopesKnown ? token.scopes.map(nameOf) : [...otherwise]
  const refreshToken = token.refreshToken ?? earlier?.refreshToken
  return { ...token, scopes, ...(refreshToken !== undefined && { refreshToken }) }
}
