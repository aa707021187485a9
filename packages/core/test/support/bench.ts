import {
  type CookieJar,
  type FakeProvider,
  fakeProvider,
  memoryStorage,
  signedInJar,
} from '@fetch-dance/testing'
import {
  type Dance,
  DanceError,
  type DanceErrorCode,
  type Token,
  type TokenStorage,
} from 'fetch-dance'
import { expect } from 'vitest'
import { dump } from './dump.ts'
import { canariesOf, expectClean, expectEnvelope } from './envelope.ts'
import { type Kit, kit, origin } from './kit.ts'

/** A dance under observation: with a storage to look into, and everything it says written down. */
export interface Bench extends Kit {
  readonly storage: TokenStorage
  /** Log lines, event payloads and errors handed to `onError`, as text. */
  said(): string
}

/** Lays out a dance with a storage in memory; `options` go to `createDance`. */
export function bench(options: object = {}, fake: FakeProvider = fakeProvider()): Bench {
  const storage = memoryStorage()
  const lines: string[] = []
  const listen = (name: string) => (payload: object) => void lines.push(name, dump(payload))
  const names = ['beforeLogin', 'authorized', 'stored', 'refreshed', 'needsLogin', 'error']
  const all = {
    storage,
    logger: { log: (...parts: unknown[]) => void lines.push(dump(parts)) },
    onError: (...parts: unknown[]) => void lines.push(dump(parts)),
    on: Object.fromEntries(names.map((name) => [name, listen(name)])),
    ...options,
  }
  return { ...kit(all, fake), storage: all.storage, said: () => lines.join('\n') }
}

/** Options for a provider that is silent in this way: the rest of a test must not be short of time on a busy machine. */
export function patienceFor(fault: object): { timeout?: number } {
  return 'hang' in fault || 'drip' in fault ? { timeout: 250 } : {}
}

/** Begins a login, and lets the provider decide: where the browser is sent, and where the provider sends it back to. */
export async function begin(
  { dance, jar, fake }: Pick<Kit, 'dance' | 'jar' | 'fake'>,
  path = '/login/fake',
  headers: HeadersInit = {},
): Promise<{ authorize: URL; answer: URL }> {
  const response = await jar.send(dance.handle, origin + path, { headers })
  expect(response.status).toBe(302)
  const authorize = new URL(response.headers.get('location') ?? '')
  const decided = await fake.fetch(authorize, { redirect: 'manual' })
  return { authorize, answer: new URL(decided.headers.get('location') ?? '') }
}

/** Follows the provider's answer back to the app, as a browser does that another site sends. */
export function comeBack(
  { dance, jar }: Pick<Kit, 'dance' | 'jar'>,
  answer: URL | string,
  headers: HeadersInit = {},
): Promise<Response> {
  return jar.send(dance.handle, String(answer), { site: 'cross-site', headers })
}

/** What a refusal must look like. */
export interface Refusal {
  readonly code: DanceErrorCode
  readonly status: number
  /** Requests at the token endpoint since the bench was laid out: none unless said. */
  readonly tokenRequests?: number
}

/**
 * Comes back with an answer that must be refused: the envelope holds, one `error` event names the code, nothing is
 * stored, and no secret is said anywhere. Answers what the visitor sees.
 */
export async function expectRefused(
  b: Bench,
  answer: URL | string,
  { code, status, tokenRequests = 0 }: Refusal,
  o: { jar?: CookieJar; dance?: Dance; headers?: HeadersInit } = {},
): Promise<string> {
  const jar = o.jar ?? b.jar
  const before = { errors: b.errors.length, canaries: canariesOf({ fake: b.fake, jar }) }
  const response = await comeBack({ dance: o.dance ?? b.dance, jar }, answer, o.headers)
  const canaries = [...before.canaries, ...canariesOf({ fake: b.fake, jar })]
  const body = await expectEnvelope(response, canaries)
  const told = b.errors.slice(before.errors)
  expect(told.map((error) => error.code)).toEqual([code])
  expect(response.status).toBe(status)
  expect(b.fake.tokenRequests.length).toBe(tokenRequests)
  expect(await storedIn(b)).toEqual([])
  expect(jar.get('__Host-dance.fake')).toBe(undefined)
  expectClean(b.said() + dump(told), canaries)
  return body
}

/** The connections a bench's storage holds; flows that were taken are not counted. */
export async function storedIn({ storage }: Pick<Bench, 'storage'>): Promise<string[]> {
  const { keys } = await storage.list({})
  return keys.filter(({ provider }) => provider !== 'flow').map((key) => JSON.stringify(key))
}

/** A browser whose token the fake provider honours, and which has to be refreshed. */
export function staleJar(b: Kit, token: Partial<Token> = {}): Promise<CookieJar> {
  const scopes = ['openid', 'profile', 'email']
  return signedInJar(b.dance, 'fake', { ...b.fake.issueToken({ scopes }), expiresAt: 1, ...token })
}

/** Asks for the token in a visit: the token, or the error. */
export async function askToken(b: Bench, jar: CookieJar): Promise<Token | DanceError> {
  let outcome: Token | DanceError | undefined
  const app = b.dance.wrap(async (_request, visit) => {
    const connection = await visit.connection('fake')
    outcome = await connection.token().catch((error: unknown) => {
      if (error instanceof DanceError) return error
      throw error
    })
    return new Response('done')
  })
  const response = await jar.send(app, `${origin}/`)
  const canaries = canariesOf({ fake: b.fake, jar })
  const error = outcome instanceof DanceError ? dump(outcome) : ''
  expectClean(b.said() + (await response.text()) + error, canaries)
  if (!outcome) throw new Error('the app was not reached')
  return outcome
}
