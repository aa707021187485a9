import { type CookieJar, type FakeProvider, memoryStorage, signedInJar } from '@fetch-dance/testing'
import type { Dance, Token } from 'fetch-dance'
import { expect } from 'vitest'
import { origin } from './kit.ts'

type App = (request: Request) => Promise<Response>

/** Where tokens can be kept: the same story has to hold for each. A new storage at every call. */
export const keepings: readonly (readonly [string, () => object])[] = [
  ['in cookies', () => ({})],
  ['in a storage', () => ({ storage: memoryStorage() })],
]

/** Opens a login route and answers with the URL of the provider the browser is sent to. */
export async function openLogin(
  app: App,
  jar: CookieJar,
  url = `${origin}/login/fake`,
): Promise<URL> {
  const answer = await jar.send(app, url)
  expect(answer.status).toBe(302)
  return new URL(answer.headers.get('location') ?? '')
}

/** The person's yes (or no) at the provider: the URL of the app the browser is sent back to. */
export async function consentAt(fake: FakeProvider, authorization: URL): Promise<string> {
  const answer = await fake.fetch(authorization, { redirect: 'manual' })
  return answer.headers.get('location') ?? ''
}

/** From the login route to the URL of the callback, which is not visited yet. */
export async function beginDance(
  app: App,
  fake: FakeProvider,
  jar: CookieJar,
  url?: string,
): Promise<string> {
  return consentAt(fake, await openLogin(app, jar, url))
}

/** Visits a callback as the browser does that comes from the provider. */
export function comeBack(app: App, jar: CookieJar, callback: string): Promise<Response> {
  return jar.send(app, callback, { site: 'cross-site' })
}

/** A token of the fake provider that has to be refreshed before it is used. */
export function staleToken(fake: FakeProvider, o: { scopes?: readonly string[] } = {}): Token {
  return { ...fake.issueToken(o), expiresAt: Math.floor(Date.now() / 1000) - 1 }
}

/** A browser whose token has to be refreshed. */
export function staleJar(
  dance: Dance,
  fake: FakeProvider,
  o: Parameters<typeof signedInJar>[3] = {},
): Promise<CookieJar> {
  return signedInJar(dance, 'fake', staleToken(fake), o)
}

/** The names of the dance's cookies in a browser, without the prefix. */
export function danceCookies(jar: CookieJar): string[] {
  return jar.cookies().flatMap(({ name }) => /^(?:__Host-)?dance\.(.+)$/.exec(name)?.[1] ?? [])
}
