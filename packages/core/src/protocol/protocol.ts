import type { Profile, ProviderClient, Token } from '../provider.ts'

/** What a login remembers of the protocol until its callback: PKCE verifier, nonce, endpoints. */
export type FlowSecrets = Readonly<Record<string, string>>

/** Whom a token belongs to at the wire; a token is never sent to anyone else. */
export interface Stamp {
  /** The issuer, or both endpoints where there is none. */
  readonly issuer: string
  readonly clientId: string
  readonly tokenOrigin: string
}

/** What a provider granted at a login or a refresh. */
export interface Grant {
  readonly token: Token
  /** False where the answer did not say which scopes were granted. */
  readonly scopesKnown: boolean
  /** `ISSUER|SUB`, or '' where the answer does not tell. */
  readonly account: string
  readonly stamp: Stamp
}

/** A protocol as the steps use it: they do not know which one it is. */
export interface Protocol {
  /** The issuer part of the stamp, known without a network. */
  issuerOf(client: ProviderClient): string
  /** The whole stamp; with discovery it may ask the network. */
  stamp(client: ProviderClient): Promise<Stamp>
  /** Builds the authorization request; `params` hold the scope and what app and preset add. */
  begin(
    client: ProviderClient,
    o: { redirectUri: string; state: string; params: URLSearchParams },
  ): Promise<{ url: URL; secrets: FlowSecrets }>
  /** Checks the provider's answer and exchanges it for a token. */
  finish(
    client: ProviderClient,
    o: { parameters: URLSearchParams; redirectUri: string; state: string; secrets: FlowSecrets },
  ): Promise<Grant>
  /** Sends the refresh token, once. */
  refresh(client: ProviderClient, token: Token, stamp: Stamp): Promise<Grant>
  /** The headers of one hop of an API call, credentials included. */
  authorize(
    token: Token,
    request: { method: string; url: URL; headers: Headers; body: unknown },
  ): Promise<Headers>
  /** Revokes the grant; throws where the provider fails. */
  revoke(client: ProviderClient, token: Token): Promise<'revoked' | 'unsupported'>
  /** Asks the provider who the account is. */
  profile(client: ProviderClient, token: Token): Promise<Profile>
}
