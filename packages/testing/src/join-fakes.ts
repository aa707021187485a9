import type { FakeProvider } from './fake-provider.ts'

/**
 * One `fetch` for several fake providers: each request goes to the one whose URL it is. What is nobody's goes to the
 * first, which counts it under `requests.elsewhere` and fails as a host does that does not resolve.
 *
 * @param first A fake provider.
 * @param others More of them, each with an `issuer` of its own.
 * @returns The function for `createDance({ fetch })`.
 * @example
 * ```ts
 * import { fakeProvider, joinFakes } from '@fetch-dance/testing'
 *
 * const work = fakeProvider({ issuer: 'https://work.test' })
 * const home = fakeProvider({ issuer: 'https://home.test', oidc: true })
 * export const fetch = joinFakes(work, home)
 * ```
 */
export function joinFakes(first: FakeProvider, ...others: FakeProvider[]): typeof globalThis.fetch {
  const fakes = [first, ...others]
  return (input, init) => {
    const url = input instanceof Request ? input.url : String(input)
    const fake = fakes.find(({ issuer }) => url === issuer || url.startsWith(`${issuer}/`)) ?? first
    return fake.fetch(input, init)
  }
}
