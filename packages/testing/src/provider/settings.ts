import type { JWK } from 'jose'

/** Who signs in at the fake provider. */
export interface FakePerson {
  /** The account's id: `sub` in an id_token. */
  readonly id: string
  readonly login: string
  readonly name: string
  readonly email: string
  readonly emailVerified: boolean
}

/** What an id_token is made from, just before it is signed. */
export interface IdTokenParts {
  /** The JOSE header. */
  readonly header: Readonly<Record<string, unknown>>
  /** The payload. */
  readonly claims: Readonly<Record<string, unknown>>
  /** `valid` unless changed; `broken`: octets that verify under no key; `none`: empty. */
  readonly signature?: 'valid' | 'broken' | 'none'
  /** Signs with this key instead of the provider's: a secret's octets for HS256, another key pair's half. */
  readonly key?: CryptoKey | Uint8Array
}

/** Hooks that make the provider lie. Each gets what would have been answered and returns what is. */
export interface FakeTamper {
  /** The authorization answer: `code`, `state`, `iss`. Edit the parameters in place. */
  readonly authorization?: (params: URLSearchParams) => void
  /** The token answer; a Response replaces it whole. */
  readonly token?: (
    body: Record<string, unknown>,
    grantType: string,
  ) => Record<string, unknown> | Response
  /** An id_token; a string is sent as it is. */
  readonly idToken?: (parts: IdTokenParts) => IdTokenParts | string | Promise<string>
  /** The discovery document. */
  readonly metadata?: (metadata: Record<string, unknown>) => Record<string, unknown>
  /** The key set. */
  readonly jwks?: (jwks: { keys: JWK[] }) => unknown
  /** The userinfo answer. */
  readonly userinfo?: (claims: Record<string, unknown>) => Record<string, unknown>
}

/** What the fake provider does. All of it can be changed later with `fake.set()`. Times are seconds. */
export interface FakeSettings {
  /** `none`: a refresh token is used again and again. `grace`: a new one with each refresh, the old one works 60 s longer. `strict`: a spent one, sent again, ends the grant. */
  readonly rotation: 'none' | 'grace' | 'strict'
  /** Life of an access token; null: unlimited and unsaid. */
  readonly expiresIn: number | null
  /** Whether refresh tokens are issued. */
  readonly refreshToken: boolean
  /** Life of a refresh token, told as `refresh_token_expires_in`; null: unlimited and unsaid. */
  readonly refreshExpiresIn: number | null
  /** Who signs in. */
  readonly person: FakePerson
  /** What that person answers to the consent page. */
  readonly consent: 'approve' | 'deny'
  /** The scopes granted; null: those asked for. */
  readonly granted: readonly string[] | null
  /** What joins the scopes of a token answer: RFC 6749 says a space, not everyone does. */
  readonly scopeSeparator: string
  /** Leaves `scope` out of token answers. */
  readonly omitScope: boolean
  /** `iss` in authorization answers (RFC 9207); a string is sent as it is. Unless given: with `oidc` only. */
  readonly iss: boolean | string
  /** How the app proves itself at the token endpoint; `any`: one of `basic` and `post`. */
  readonly clientAuth: 'any' | 'basic' | 'post' | 'none'
  /** Whether an authorization request without PKCE is refused. `plain` always is. */
  readonly pkce: 'required' | 'optional'
  /** The redirect URIs registered; null: any, bound to its code all the same. */
  readonly redirectUris: readonly string[] | null
  /** Whether a refresh answers a new id_token. */
  readonly idTokenOnRefresh: boolean
  /** Hooks that make the provider lie. */
  readonly tamper: FakeTamper
}

/** Options of `fakeProvider`. */
export interface FakeProviderOptions extends Partial<Omit<FakeSettings, 'person'>> {
  /** The provider's id; `fake` unless given. */
  readonly id?: string
  /** Base of all its URLs; `https://fake.test` unless given. Several fakes need several. */
  readonly issuer?: string
  /** Speaks OpenID Connect: discovery, id_tokens, JWKS. */
  readonly oidc?: boolean
  /** What signs id_tokens; `RS256` unless given. */
  readonly algorithm?: 'RS256' | 'PS256' | 'ES256'
  /** Whether it has a revocation endpoint (RFC 7009); true unless given. */
  readonly revocation?: boolean
  readonly clientId?: string
  readonly clientSecret?: string
  /** Who signs in; `octocat` unless given. */
  readonly person?: Partial<FakePerson>
}

/** The settings in force at the start. */
export function initialSettings(options: FakeProviderOptions): FakeSettings {
  return mergeSettings({ ...defaults, iss: options.oidc === true }, options)
}

/** Settings with some of them changed; others' members are left out. */
export function mergeSettings(
  settings: FakeSettings,
  changes: Partial<Omit<FakeSettings, 'person'>> & { readonly person?: Partial<FakePerson> },
): FakeSettings {
  const known = Object.entries(changes).filter(
    ([name, value]) => Object.hasOwn(settings, name) && value !== undefined,
  )
  const person = { ...settings.person, ...changes.person }
  return { ...settings, ...Object.fromEntries(known), person }
}

const defaults: FakeSettings = {
  rotation: 'none',
  expiresIn: 3600,
  refreshToken: true,
  refreshExpiresIn: null,
  person: {
    id: '583231',
    login: 'octocat',
    name: 'Mona Octocat',
    email: 'octocat@fake.test',
    emailVerified: true,
  },
  consent: 'approve',
  granted: null,
  scopeSeparator: ' ',
  omitScope: false,
  iss: false,
  clientAuth: 'any',
  pkce: 'required',
  redirectUris: null,
  idTokenOnRefresh: true,
  tamper: {},
}
