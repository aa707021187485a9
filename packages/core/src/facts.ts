/** Who an account is. Never key a user by `email`: it changes hands; key by issuer and `id`. */
export interface Profile<Raw = unknown> {
  /** Unique at its provider. */
  id: string
  name?: string
  email?: string
  /** Whether the provider says that the address is this person's. */
  emailVerified?: boolean
  /** URL of a picture. */
  picture?: string
  /** What the provider answered. */
  raw: Raw
}

/** What a provider granted (RFC 6749 section 5.1). */
export interface Token {
  accessToken: string
  /** `Bearer`. */
  tokenType: string
  refreshToken?: string
  /** Seconds since epoch; absent where the provider names no end. */
  expiresAt?: number
  scopes: string[]
  /** The claims of the verified id_token (OpenID Connect Core 1.0 section 2). */
  idTokenClaims?: Record<string, unknown>
  /** Members of the answer that the dance has no use for. */
  raw: Record<string, unknown>
}

/** Deviations of a provider from the standards, as data. */
export interface Quirks {
  /** What its `token_type` may be instead of `Bearer`. */
  readonly bearer?: string
  /** Values of `error` that mean `invalid_grant`. */
  readonly grantRefused?: readonly string[]
  /** Scope names the provider answers with, by the name they were asked for. */
  readonly scopeAliases?: Readonly<Record<string, string>>
  /** The member of the profile's answer that holds the profile. */
  readonly profileMember?: string
  /** Revocation that is not RFC 7009: `{client_id}` in the URL, HTTP Basic, the access token as JSON. */
  readonly revocation?: { readonly method: string; readonly url: string }
}

interface CommonOptions<Raw> {
  /** The preset's id; its file name. */
  readonly id: string
  /** Client id; from `<NAME>_OAUTH_CLIENT_ID` when left out. */
  readonly clientId?: string | undefined
  /** Client secret; from `<NAME>_OAUTH_CLIENT_SECRET` when left out. */
  readonly clientSecret?: string | undefined
  /** Scopes asked for at every login. */
  readonly scopes?: readonly string[] | undefined
  /** Scopes that may be asked for later. */
  readonly optionalScopes?: readonly string[] | undefined
  /** What stands between scopes in a request; a space by default. */
  readonly scopeSeparator?: string
  /** Absolute URL that paths given to `connection.fetch` are joined to. */
  readonly apiBase?: string
  /** Origins that get credentials; by default that of `apiBase`. */
  readonly apiOrigins?: readonly string[]
  /** Headers every API call carries. */
  readonly apiHeaders?: Readonly<Record<string, string>>
  /** Parameters every authorization request carries; never the protocol's own. */
  readonly authorizationParams?: Readonly<Record<string, string>>
  /** How the client authenticates at the token endpoint: `basic` by default. */
  readonly clientAuth?: 'basic' | 'post' | 'none'
  /** RFC 7009 revocation endpoint. */
  readonly revocationEndpoint?: string
  /** Where tokens are refreshed, if not at the token endpoint. */
  readonly refreshEndpoint?: string
  /** Where the profile is read, and how it maps to {@link Profile}. */
  readonly profile?: { readonly url: string; readonly map?: (raw: Raw) => Partial<Profile> }
  /** How the provider answers the authorization request: `query` by default. */
  readonly responseMode?: 'query' | 'form_post'
  /** `breaks` switches PKCE off for a provider that documents to refuse it. */
  readonly pkce?: 'S256' | 'breaks'
  /** What a refresh does to the old refresh token: nothing, ends it later, ends it at once (and a second use ends all). */
  readonly rotation?: 'none' | 'grace' | 'strict' | 'unknown'
  /** Known deviations from the standards. */
  readonly quirks?: Quirks
}

/** Options of {@link oauth2Provider}. Endpoints are absolute https URLs (http on loopback). */
export interface OAuth2ProviderOptions<Raw> extends CommonOptions<Raw> {
  /** RFC 6749 section 3.1. */
  readonly authorizationEndpoint: string
  /** RFC 6749 section 3.2. */
  readonly tokenEndpoint: string
  /** The issuer, where the provider sends `iss` (RFC 9207). */
  readonly issuer?: string
}

/** Options of {@link oidcProvider}. */
export interface OidcProviderOptions<Raw> extends CommonOptions<Raw> {
  /** The issuer identifier; its discovery document is read at the first login. */
  readonly issuer: string
  /** How its id_tokens differ. */
  readonly idToken?: {
    /** False for a provider that does not echo the nonce. */
    readonly nonce?: boolean
    /** Signature algorithms accepted, among the asymmetric ones. */
    readonly algorithms?: readonly string[]
  }
}

/** What every preset lets an app say. */
export type PresetOptions = Pick<
  CommonOptions<unknown>,
  'clientId' | 'clientSecret' | 'scopes' | 'optionalScopes'
>

/** A provider's facts as the dance keeps them. */
export type ProviderFacts = Omit<
  OAuth2ProviderOptions<never>,
  'tokenEndpoint' | 'authorizationEndpoint'
> &
  Partial<Pick<OAuth2ProviderOptions<never>, 'tokenEndpoint' | 'authorizationEndpoint'>> &
  Pick<Partial<OidcProviderOptions<never>>, 'idToken'>
