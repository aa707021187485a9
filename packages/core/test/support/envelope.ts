import type { CookieJar, FakeProvider } from '@fetch-dance/testing'
import { expect } from 'vitest'
import { secret } from './kit.ts'

/** Every status the dance answers with. */
const statuses = [
  200, 302, 303, 400, 401, 403, 404, 405, 413, 414, 415, 500, 502, 503, 504,
] as const

/**
 * What every answer of the dance's own routes keeps, whatever happened: a known status, the headers that let nobody
 * store or sniff it, and no secret outside Set-Cookie. The response can be read afterwards.
 *
 * @param canaries What must not show: `canariesOf({ fake, jar })`, and what a test planted.
 * @returns The body's text.
 */
export async function expectEnvelope(
  response: Response,
  canaries: readonly string[] = [],
): Promise<string> {
  expect(statuses).toContain(response.status)
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(response.headers.get('referrer-policy')).toBe('no-referrer')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  const body = await response.clone().text()
  const headers = [...response.headers].filter(([name]) => name !== 'set-cookie')
  expectClean(`${body} ${JSON.stringify(headers)}`, canaries)
  expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(prototypeMembers)
  return body
}

/** That a text, such as a log or a dumped event, holds none of the secrets, plain or URL-encoded. */
export function expectClean(text: string, canaries: readonly string[]): void {
  const planted = [secret, ...canaries].filter((canary) => canary !== '')
  const found = planted.filter((canary) =>
    [canary, encodeURIComponent(canary)].some((form) => text.includes(form)),
  )
  expect(found).toEqual([])
}

/** Every secret a provider has issued or seen, and every cookie value a browser holds. */
export function canariesOf(o: { fake?: FakeProvider; jar?: CookieJar }): string[] {
  const values = o.jar?.cookies().map(({ value }) => value) ?? []
  return [...(o.fake?.secrets() ?? []), ...values]
}

const prototypeMembers = Object.getOwnPropertyNames(Object.prototype).sort()
