import type { Provider, Token } from 'fetch-dance'
import { createFakeFetch, type RequestLog } from './provider/fake-fetch.ts'
import { createFaultScript, type Fault } from './provider/faults.ts'
import { personClaims, signParts } from './provider/id-token.ts'
import { endGrant, issueTokens } from './provider/issue.ts'
import { type FakePreset, makePreset } from './provider/preset.ts'
import type { FakeUser } from './provider/resources.ts'
import { createServer, type Server, serverTime } from './provider/server.ts'
import {
  type FakePerson,
  type FakeProviderOptions,
  type FakeSettings,
  type IdTokenParts,
  mergeSettings,
} from './provider/settings.ts'

/** An authorization server without a port. */
export interface FakeProvider {
  /** Base of all its URLs. */
  readonly issuer: string
  /** The provider as a `fetch` function: give it to `createDance`. */
  readonly fetch: typeof globalThis.fetch
  /** The provider for `createDance`, this app's credentials included. */
  provider(changes?: FakePreset): Provider<FakeUser>
  /** Everything it was asked, by endpoint, in order; `clone()` one before reading its body twice. */
  readonly requests: RequestLog
  /** `requests.token`. */
  readonly tokenRequests: Request[]
  /** How often somebody had to look at its consent page. */
  readonly consents: number
  /** How many grants work. */
  readonly grants: number
  /** Spoils its next answer at an endpoint; the returned function takes the fault back. */
  fault(fault: Fault): () => void
  /** Forgets all faults. */
  clearFaults(): void
  /** Changes its settings: the next person, a denial, another rotation. */
  set(changes: Partial<Omit<FakeSettings, 'person'>> & { person?: Partial<FakePerson> }): void
  /** Moves its clock, and only its: tokens and codes grow older there. */
  tick(seconds: number): void
  /** Signs with a new key from now on; the old one leaves the JWKS unless it is kept. */
  rotateKeys(o?: { keepOld?: boolean }): void
  /** Signs an id_token of one's own with the key in force. */
  sign(parts: Pick<IdTokenParts, 'claims'> & Partial<IdTokenParts>): Promise<string>
  /** A token without a dance, for `signedInJar`. */
  issueToken(o?: { scopes?: readonly string[]; refreshToken?: boolean }): Token
  /** Ends every access token; refresh tokens still work. */
  dropAccessTokens(): void
  /** Ends everything, as a person does who removes the app from their account. */
  endGrants(): void
  /** Every secret it has issued or been shown, the client secret included: none of it may be in a log. */
  secrets(): string[]
}

/**
 * A whole OAuth 2.0 or OpenID Connect provider in memory: authorization code with PKCE, refresh and rotation,
 * revocation, userinfo, a small API, discovery and signed id_tokens, a clock of its own and a script of faults.
 * It speaks strictly: what a real provider refuses, it refuses.
 *
 * @param options What it is and how it behaves; times are seconds.
 * @returns The provider.
 * @example
 * ```ts
 * import { createDance } from 'fetch-dance'
 * import { fakeProvider } from '@fetch-dance/testing'
 *
 * const fake = fakeProvider({ rotation: 'strict', expiresIn: 60 })
 * export const dance = createDance({
 *   providers: { fake: fake.provider() },
 *   secret: 'q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k',
 *   origin: 'https://app.test',
 *   fetch: fake.fetch,
 * })
 * ```
 */
export function fakeProvider(options: FakeProviderOptions = {}): FakeProvider {
  const server = createServer(options)
  const requests = emptyLog()
  const faults = createFaultScript(Object.keys(requests).filter((name) => name !== 'elsewhere'))
  return {
    issuer: server.issuer,
    fetch: createFakeFetch(server, faults, requests),
    provider: (changes = {}) => makePreset(server, changes),
    requests,
    tokenRequests: requests.token,
    get consents() {
      return server.consents
    },
    get grants() {
      return server.grants.size
    },
    fault: faults.add,
    clearFaults: faults.clear,
    set(changes) {
      server.settings = mergeSettings(server.settings, changes)
    },
    tick(seconds) {
      server.offset += seconds
    },
    rotateKeys: ({ keepOld = false } = {}) => server.keys.rotate(keepOld),
    sign: async ({ header, ...parts }) => {
      const { alg, kid } = await server.keys.current()
      return signParts(server, { header: { alg, kid, ...header }, ...parts })
    },
    issueToken: (o = {}) => issueToken(server, o),
    dropAccessTokens: () => server.accessTokens.clear(),
    endGrants() {
      for (const grant of server.grants) endGrant(server, grant)
    },
    secrets: () => [...server.secrets],
  }
}

function emptyLog(): RequestLog {
  return {
    discovery: [],
    authorize: [],
    token: [],
    revoke: [],
    userinfo: [],
    jwks: [],
    api: [],
    elsewhere: [],
  }
}

function issueToken(
  server: Server,
  o: { scopes?: readonly string[]; refreshToken?: boolean },
): Token {
  const { scopes = [], refreshToken = true } = o
  const grant = { person: server.settings.person, asked: scopes, scopes, ended: false }
  const issued = issueTokens(server, grant, { refresh: refreshToken })
  return {
    accessToken: issued.access_token,
    tokenType: issued.token_type,
    ...(issued.refresh_token === undefined ? {} : { refreshToken: issued.refresh_token }),
    ...(issued.expires_in === undefined
      ? {}
      : { expiresAt: Math.floor(serverTime(server)) + issued.expires_in }),
    scopes: [...scopes],
    ...(server.oidc ? { idTokenClaims: { iss: server.issuer, ...personClaims(grant) } } : {}),
    raw: {},
  }
}
