import type { Dance, Token } from 'fetch-dance'
import { type CookieJar, cookieJar } from './cookie-jar.ts'

/** Options of {@link signedInJar}. */
export interface SignedInOptions {
  /** The app's origin; `https://app.test` unless given. */
  readonly origin?: string
  /** The browser that gets the connection; a new one unless given. */
  readonly jar?: CookieJar
  /** What the app's `owner` option reads of a request, a session header say. */
  readonly headers?: HeadersInit
}

/**
 * A browser that is connected already, without a dance: for tests of what comes after.
 *
 * @param dance The app's dance; a token goes wherever that dance keeps tokens.
 * @param provider The provider's name in this app.
 * @param token The token, whole or in part: `fake.issueToken()` for one that a fake provider honours, an `expiresAt`
 *   (seconds since epoch) in the past for one that has to be refreshed. Nothing: a token that no API would take, with
 *   the scopes that the provider asks for.
 * @param options The app's origin, the browser, and what tells the app who it is.
 * @returns The browser's jar.
 * @example
 * ```ts
 * import { createDance } from 'fetch-dance'
 * import { fakeProvider, signedInJar } from '@fetch-dance/testing'
 *
 * const fake = fakeProvider()
 * const dance = createDance({
 *   providers: { fake: fake.provider() },
 *   secret: 'q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k',
 *   origin: 'https://app.test',
 *   fetch: fake.fetch,
 * })
 * const app = dance.wrap(async (_request, visit) => (await visit.require('fake')).fetch('/user'))
 * const jar = await signedInJar(dance, 'fake', fake.issueToken())
 * console.log((await jar.send(app, 'https://app.test/')).status) // 200
 * ```
 */
export async function signedInJar(
  dance: Dance,
  provider: string,
  token: Partial<Token> = {},
  { origin = 'https://app.test', jar = cookieJar(), headers = {} }: SignedInOptions = {},
): Promise<CookieJar> {
  // The dance carries this door for tests under a registered symbol, not in its type: apps have no use for it.
  const forge: Forge | undefined = Reflect.get(dance, Symbol.for('fetch-dance.forge'))
  if (forge === undefined) throw new TypeError('Cannot forge a connection: this is not a dance')
  await jar.send((request) => forge(provider, token, request), `${origin}/`, { headers })
  return jar
}

type Forge = (provider: string, token: Partial<Token>, request: Request) => Promise<Response>
