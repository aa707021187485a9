import type { Profile, Token } from './facts.ts'
import type { Providers, RawOf } from './protocol/protocol.ts'

/** Why a connection needs a new login. */
export type Reason = 'expired' | 'revoked' | 'refresh_interrupted' | 'scopes_missing'

/** What became of the token at the provider. */
export type RemoteOutcome = 'revoked' | 'unsupported' | 'failed' | 'skipped'

/** Where a login leads to and what it asks for. */
export interface LoginUrlOptions {
  /** Path of this app to come back to. */
  returnTo?: string
  /** Scopes to ask for beside those already granted; the provider must declare them. */
  scopes?: readonly string[]
}

/** What a login started by the app itself may add. */
export interface LoginOptions extends LoginUrlOptions {
  /** OIDC's `prompt`. */
  prompt?: string
  /** OIDC's `login_hint`. */
  loginHint?: string
  /** Other parameters of the authorization request; never the protocol's own. */
  params?: Record<string, string>
}

/** One owner's token at one provider. */
export interface ConnectionOf<P extends Providers, N extends keyof P> {
  readonly provider: N
  /** The owner's id in this app; null for a browser. */
  readonly owner: string | null
  /** The account at the provider where it is known: issuer and subject. */
  readonly account: string | null
  readonly status: 'none' | 'ok' | 'expired' | 'needs_login'
  readonly reason: Reason | null
  /** Whether the status is `ok` or `expired`: an API call can be tried. */
  readonly authorized: boolean
  readonly scopes: readonly string[]
  /** Calls the provider's API; a path is joined to the provider's `apiBase`. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>
  /** The token, refreshed when due; `minValidity` in seconds. */
  token(o?: { minValidity?: number }): Promise<Token>
  /** Who the account is. */
  profile(): Promise<Profile<RawOf<P[N]>>>
  /** Forgets the token here and revokes it at the provider. */
  disconnect(o?: {
    revoke?: boolean
  }): Promise<{ remote: RemoteOutcome; providerLogoutUrl?: string }>
}

/** A connection within a visit: it can also send the visitor to log in. */
export interface VisitConnectionOf<P extends Providers, N extends keyof P>
  extends ConnectionOf<P, N> {
  /** Path of the login route. */
  loginUrl(o?: LoginUrlOptions): string
  /** Starts the login: a redirect to the provider. */
  login(o?: LoginOptions): Promise<Response>
}
