import type { Dance, Token } from 'fetch-dance'
import { type CookieJar, cookieJar } from './cookie-jar.ts'

/** Options of {@link signedInJar}. */
export interface SignedInOptions {
  /** The app's origin; `https://app.test` unless given. */
  readonly origin?: string
  /** The browser that gets the connection; a new one unless given. */
  readonly jar?: CookieJar
}

/**
 * A browser that is connected already, without a dance: for tests of what comes after.
 *
 * @param dance The app's dance; a token goes wherever that dance keeps tokens.
 * @param provider The provider's name in this app.
 * @param token The token, whole or in part: `fake.issueToken()` for one that a fake provider honours, an `expiresAt`
 *   (seconds since epoch) in the past for one that has to be refreshed.
 * @param options The app's origin and the browser.
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
  { origin = 'https://app.test', jar = cookieJar() }: SignedInOptions = {},
): Promise<CookieJar> {
  // The dance carries this door for tests under a registered symbol, not in its type: apps have no use for it.
  const forge: Forge | undefined = Reflect.get(dance, Symbol.for('fetch-dance.forge'))
  if (forge === undefined) throw new TypeError('Cannot forge a connection: this is not a dance')
  const whole = {
    accessToken: 'forged-access-token',
    tokenType: 'bearer',
    scopes: [],
    raw: {},
    ...token,
  }
  await jar.send((request) => forge(provider, whole, request), `${origin}/`)
  return jar
}

type Forge = (provider: string, token: Partial<Token>, request: Request) => Promise<Response>
