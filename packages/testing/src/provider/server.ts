import { base64url } from 'jose'
import { createKeyRing, type KeyRing } from './key-ring.ts'
import {
  type FakePerson,
  type FakeProviderOptions,
  type FakeSettings,
  initialSettings,
} from './settings.ts'

/** One consent: everything issued under it lives and dies with it. */
export interface Grant {
  readonly person: FakePerson
  readonly asked: readonly string[]
  readonly scopes: readonly string[]
  ended: boolean
}

/** An authorization code and what it is bound to. */
export interface Code {
  readonly grant: Grant
  readonly redirectUri: string
  readonly challenge: string | null
  readonly nonce: string | null
  readonly expiresAt: number
  used: boolean
}

/** An access token the provider knows. */
export interface AccessToken {
  readonly grant: Grant
  readonly scopes: readonly string[]
  readonly expiresAt: number
}

/** A refresh token the provider knows. */
export interface RefreshToken {
  readonly grant: Grant
  readonly expiresAt: number
  /** When it was exchanged for a newer one. */
  spentAt: number | null
}

/** Everything one fake provider is: its identity, its clock, its books. */
export interface Server {
  readonly id: string
  readonly issuer: string
  readonly oidc: boolean
  readonly revocation: boolean
  readonly clientId: string
  readonly clientSecret: string
  readonly keys: KeyRing
  readonly codes: Map<string, Code>
  readonly accessTokens: Map<string, AccessToken>
  readonly refreshTokens: Map<string, RefreshToken>
  readonly grants: Set<Grant>
  /** Every secret it has issued or been shown. */
  readonly secrets: Set<string>
  settings: FakeSettings
  /** How far its clock is ahead, in seconds. */
  offset: number
  /** How often somebody had to look at the consent page. */
  consents: number
}

/** A provider that nobody has asked anything yet. */
export function createServer(options: FakeProviderOptions): Server {
  const { clientSecret = 'fake-client-secret' } = options
  return {
    id: options.id ?? 'fake',
    issuer: options.issuer ?? 'https://fake.test',
    oidc: options.oidc ?? false,
    revocation: options.revocation ?? true,
    clientId: options.clientId ?? 'fake-client',
    clientSecret,
    keys: createKeyRing(options.algorithm ?? 'RS256'),
    codes: new Map(),
    accessTokens: new Map(),
    refreshTokens: new Map(),
    grants: new Set(),
    secrets: new Set([clientSecret]),
    settings: initialSettings(options),
    offset: 0,
    consents: 0,
  }
}

/** The provider's time: seconds since epoch. */
export function serverTime(server: Server): number {
  return Date.now() / 1000 + server.offset
}

/** A new random secret, remembered. */
export function newSecret(server: Server, prefix: string): string {
  const secret = `${prefix}_${base64url.encode(crypto.getRandomValues(new Uint8Array(24)))}`
  server.secrets.add(secret)
  return secret
}
