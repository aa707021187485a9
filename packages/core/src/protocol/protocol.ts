import type { Profile, ProviderFacts, Token } from '../facts.ts'
import type { Http } from '../http.ts'

/** An OAuth provider's facts and the protocol it speaks; made by a preset, {@link oauth2Provider} or {@link oidcProvider}. */
export interface Provider<Raw = unknown> {
  /** The preset's own id; its name in an app is its key in `providers`. */
  readonly id: string
  /** Never set: carries the type of `profile().raw`. */
  readonly rawProfile?: Raw
  readonly protocol: Protocol
  readonly facts: ProviderFacts
}

/** The `providers` option: the key is the provider's name in URLs, cookies and storage keys. */
// biome-ignore lint/suspicious/noExplicitAny: each provider has a raw profile of its own
export type Providers = Record<string, Provider<any>>

/** The type of `profile().raw` for a provider. */
export type RawOf<T> = T extends Provider<infer R> ? R : never

/** A provider as one dance uses it: its facts, this app's credentials and what was learned on the way. */
export interface ProviderClient {
  readonly name: string
  readonly facts: ProviderFacts
  readonly protocol: Protocol
  readonly http: Http
  /** The client id, or undefined where none is configured yet. */
  readonly knownId: string | undefined
  /** Throws `option_invalid` naming the variable to set. */
  clientId(): string
  /** Throws `option_invalid` naming the variable to set. */
  clientSecret(): string
  /** The client secret, or undefined where none is configured yet: what must not show in an error. */
  readonly knownSecret: string | undefined
  /** What a protocol remembers for the dance's life: discovery, keys. */
  readonly memory: Map<string, unknown>
}

/** What a login remembers of the protocol until its callback: PKCE verifier, nonce, endpoints. */
export type FlowSecrets = Readonly<Record<string, string>>

/** What an answer is held against: what a login remembered, or the token before a refresh. */
export type Known = { readonly secrets: FlowSecrets } | { readonly before: Token }

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
  /** When the refresh token would die unused, in seconds since epoch, where the answer says so. */
  readonly dueAt?: number
  /** `ISSUER|SUB`, or '' where the answer does not tell. */
  readonly account: string
  readonly stamp: Stamp
}

/** A protocol as the steps use it: they do not know which one it is. */
export interface Protocol {
  /** The facts it cannot do without. */
  readonly needs: readonly (keyof ProviderFacts)[]
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
  /** Revokes the grant; may also throw where the provider fails. */
  revoke(client: ProviderClient, token: Token): Promise<'revoked' | 'unsupported' | 'failed'>
  /** Asks the provider who the account is. */
  profile(client: ProviderClient, token: Token): Promise<Profile>
}
