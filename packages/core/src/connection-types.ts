import type { Profile, Token } from './facts.ts'
import type { Providers, RawOf } from './protocol/protocol.ts'

/**
 * Why a connection needs a new login: its token ended and cannot be refreshed; the provider refused it; a refresh was
 * sent, nothing came back and the next try was refused; a scope is missing.
 */
export type Reason = 'expired' | 'revoked' | 'refresh_interrupted' | 'scopes_missing'

/**
 * What became of the token at the provider: revoked; the provider has no way to; it failed; nobody asked it, because
 * there was nothing to revoke or the caller said so.
 */
export type RemoteOutcome = 'revoked' | 'unsupported' | 'failed' | 'skipped'

/** Where a login leads to and what it asks for. */
export interface LoginUrlOptions {
  /** Path of this app to come back to; one that leaves its origin becomes `/`. */
  returnTo?: string
  /** Scopes to ask for beside those already granted; the provider must declare them. */
  scopes?: readonly string[]
}

/** What a login started by the app itself may add. */
export interface LoginOptions extends LoginUrlOptions {
  /** `prompt` (OpenID Connect Core 1.0 section 3.1.2.1): `none`, `login`, `consent`, `select_account`. */
  prompt?: string
  /** `login_hint` (same section): who is likely to log in. */
  loginHint?: string
  /** Other parameters of the authorization request; never the protocol's own. */
  params?: Record<string, string>
}

/**
 * One owner's token at one provider, and what can be done with it. No token shows on the object.
 *
 * @example
 * ```ts
 * const answer = await connection.fetch('/user')
 * const { accessToken } = await connection.token()
 * ```
 */
export interface ConnectionOf<P extends Providers, N extends keyof P> {
  /** The provider's name in this app. */
  readonly provider: N
  /** The owner's id in this app; null for a browser. */
  readonly owner: string | null
  /** The account at the provider, `ISSUER|SUBJECT`; null where it is not known. */
  readonly account: string | null
  /** `ok` until the token's end, then `expired` if it can be refreshed and `needs_login` if not; `none`: not connected. */
  readonly status: 'none' | 'ok' | 'expired' | 'needs_login'
  /** Why the status is `needs_login`. */
  readonly reason: Reason | null
  /** Whether the status is `ok` or `expired`: an API call can be tried. */
  readonly authorized: boolean
  /** The scopes granted, by the names they are asked by. */
  readonly scopes: readonly string[]
  /**
   * Calls the provider's API with the token, refreshed when due (RFC 6750 section 2.1). A 401 is answered by one refresh
   * and one retry, unless the body is a stream; then the API's own answer is returned. An origin that the provider does
   * not declare gets the request without credentials, also after a redirect; at most five are followed.
   * Throws `login_required`, `scope_required` (the API's 403 `insufficient_scope`), `scope_refused`, `provider_*`,
   * `storage_failed`, `cannot_persist`, `metadata_changed`, `address_refused`, `option_invalid`, the caller's own abort.
   *
   * @param input A path, joined to the path of the provider's `apiBase`, or a whole URL.
   */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>
  /**
   * The token, refreshed when due. Don't keep it: ask again for each use.
   * Throws `login_required`, `provider_*`, `storage_failed`, `cannot_persist`, `metadata_changed`.
   *
   * @param o `minValidity`: seconds the access token must last, instead of the option.
   */
  token(o?: { minValidity?: number }): Promise<Token>
  /**
   * Asks the provider who the account is: userinfo, or the provider's `profile.url`.
   * Throws `not_supported` where it has neither, `id_token_invalid` where userinfo is somebody else's (OpenID Connect
   * Core 1.0 section 5.3.2), and what `token` throws.
   */
  profile(): Promise<Profile<RawOf<P[N]>>>
  /**
   * Makes a link to connect, or to connect again, that can be mailed to its owner. It names the owner and never proves
   * one: only a browser in which that owner is signed in gets on (for a fixed owner, whom `authorizeLogin` lets). It
   * leads to the account the connection has now, if it has one, and is dead as soon as somebody has connected, by it or
   * without it, or disconnected.
   * Throws `not_supported` where the owner is a browser, or nobody; `origin_missing` outside a request, unless exactly
   * one exact origin is configured; `origin_not_allowed`.
   *
   * @param o `returnTo`: path of this app to come to afterwards. `ttl`: seconds the link lives.
   */
  connectUrl(o: { returnTo?: string; ttl: number }): Promise<string>
  /**
   * Ends the connection: first here, then at the provider (RFC 7009), which may fail without changing that.
   * Throws `storage_failed`, `cannot_persist`.
   *
   * @param o `revoke: false` leaves the provider out.
   * @returns What became of it there.
   */
  disconnect(o?: {
    revoke?: boolean
  }): Promise<{ remote: RemoteOutcome; providerLogoutUrl?: string }>
}

/** A connection within a visit: it can also send the visitor to log in. */
export interface VisitConnectionOf<P extends Providers, N extends keyof P>
  extends ConnectionOf<P, N> {
  /** Path of the login route, for a link; back to this request's page by default. Throws `scope_not_allowed`. */
  loginUrl(o?: LoginUrlOptions): string
  /**
   * Starts the login at once (RFC 6749 section 4.1.1): a redirect to the provider, for the app to return.
   * Throws `scope_not_allowed`, `login_forbidden`, `option_invalid`, `handler_failed`, `cannot_persist`,
   * `discovery_failed`, `provider_*`.
   */
  login(o?: LoginOptions): Promise<Response>
}
