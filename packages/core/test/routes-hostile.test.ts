import { fakeProvider, memoryStorage } from '@fetch-dance/testing'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canariesOf, expectEnvelope } from './support/envelope.ts'
import { type Kit, kit, origin } from './support/kit.ts'
import { beginLogin } from './support/login.ts'

/** Texts that break parsers: malformed escapes, members of every object, markup, other alphabets. */
const nasty = fc.oneof(
  fc.constantFrom('%', '%zz', '%ff', '%00', '%c0%af', '\u00ff', '__proto__', 'constructor', '[]'),
  fc.constantFrom('<script>alert(1)</script>', '"><img src=x>', '{"a":', 'null', '-1', '1e400'),
  fc.constantFrom('javascript:alert(1)', '//evil.test', '../..', 'a=b;c=d', 'a,b', "'; --", ''),
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 10 }),
)
/** What every runtime takes as a header's value. */
const headerValue = nasty.map((text) => text.replace(/[^\x20-\x7e]/g, '').trim())

const headerName = fc.constantFrom(
  'accept',
  'authorization',
  'content-type',
  'forwarded',
  'host',
  'next-router-prefetch',
  'origin',
  'purpose',
  'referer',
  'sec-fetch-dest',
  'sec-fetch-mode',
  'sec-fetch-site',
  'sec-purpose',
  'user-agent',
  'x-forwarded-host',
  'x-forwarded-proto',
)
const cookie = fc
  .tuple(
    fc.constantFrom('fake', 'fake.1', 'owner', 'flow.abcdefghijkl', '', '__proto__', 'connections'),
    headerValue,
  )
  .map(([name, value]) => `__Host-dance.${name}=${value}`)
const query = fc.tuple(
  fc.constantFrom('code', 'state', 'iss', 'error', 'error_description', 'returnTo', 'scopes', '%'),
  nasty,
)
const path = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('/login/fake', '/login/fake/callback') },
  { weight: 2, arbitrary: fc.constantFrom('/login/fake/logout', '/login/connections') },
  { weight: 1, arbitrary: nasty.map((text) => `/login/${text}`) },
)

const attack = fc.record({
  path,
  method: fc.constantFrom('GET', 'GET', 'POST', 'HEAD', 'PUT', 'OPTIONS'),
  query: fc.array(query, { maxLength: 4 }),
  headers: fc.array(fc.tuple(headerName, headerValue), { maxLength: 6 }),
  cookies: fc.array(cookie, { maxLength: 4 }),
  body: nasty,
  type: fc.constantFrom('application/x-www-form-urlencoded', 'application/json', 'x', ''),
})

type Attack = typeof attack extends fc.Arbitrary<infer A> ? A : never

function send({ dance, jar }: Kit, o: Attack): Promise<Response> {
  const search = o.query.map((pair) => pair.join('=').replaceAll('#', '%23')).join('&')
  const url = `${origin}${o.path}?${search}`
  const headers = new Headers([...o.headers, ['cookie', o.cookies.join('; ')]])
  const bodiless = o.method === 'GET' || o.method === 'HEAD'
  if (!bodiless && o.type !== '') headers.set('content-type', o.type)
  return jar.send(dance.handle, URL.canParse(url) ? url : origin, {
    method: o.method,
    headers,
    ...(bodiless ? {} : { body: o.body }),
  })
}

const postingProvider = () => {
  const fake = fakeProvider()
  return [fake.provider({ responseMode: 'form_post' }), fake] as const
}

describe('handle() answers every request, and never rejects GHSA-xmf8-cvqr-rfgj CVE-2022-31093 [G1]', () => {
  const dances: Record<string, () => Kit> = {
    'with tokens in cookies': () => kit(),
    'with tokens in a storage': () => kit({ storage: memoryStorage(), owner: () => 'alice' }),
    'with a posting provider and a list of origins': () => {
      const [provider, fake] = postingProvider()
      const origins = ['https://other.test', origin]
      return kit({ providers: { fake: provider }, origin: origins, trustProxy: true }, fake)
    },
  }
  for (const [name, make] of Object.entries(dances)) {
    test(name, async () => {
      const actors = make()
      await beginLogin(actors)
      const seen = new Set<number>()
      const property = fc.asyncProperty(attack, async (o) => {
        const answer = await send(actors, o)
        await expectEnvelope(answer, canariesOf(actors))
        const location = new URL(answer.headers.get('location') ?? '/', origin)
        expect([origin, actors.fake.issuer]).toContain(location.origin)
        seen.add(answer.status)
      })
      await fc.assert(property, { numRuns: 300 })
      expect(actors.fake.tokenRequests.length).toBe(0)
      for (const status of [302, 400, 403, 404, 405]) expect([...seen]).toContain(status)
    })
  }
})

test('list-shaped and repeated parameters are refused, not joined CVE-2022-35924 F-11 F-12', async () => {
  const { dance, jar, fake } = kit()
  const { state } = await beginLogin({ dance, jar, fake })
  const queries = [
    `state=${state}&state=${state}&code=a`,
    `state[]=${state}&code=a`,
    `state[0]=${state}&code=a`,
    `state=${state},${state}&code=a`,
    `state=${state}&code=a&code=b`,
    `state=${state}&code[]=a`,
    `state=${state}&code=`,
    `state=${state}`,
  ]
  for (const search of queries) {
    const url = `${origin}/login/fake/callback?${search}`
    const answer = await jar.send(dance.handle, url, { site: 'cross-site' })
    await expectEnvelope(answer)
    expect([search, answer.status]).toEqual([search, 400])
  }
  expect(fake.tokenRequests.length).toBe(0)
})

test('no identity is taken from what a client sends CVE-2025-61928', async () => {
  const owner = (request: Request) => request.headers.get('x-session')
  const { dance, jar } = kit({ owner, storage: memoryStorage() })
  const app = dance.wrap(async (_request, visit) => Response.json(await visit.owner()))
  const headers = { 'x-user-id': 'mallory', 'x-forwarded-user': 'mallory', userid: 'mallory' }
  const answer = await jar.send(app, `${origin}/?user=mallory&owner=mallory`, { headers })
  expect(await answer.json()).toBe(null)
})

// Bun's server hands on what the Host header made of it
test.each(['/login/fake', 'http://[::1/login/fake', 'http://a:b:c/login/fake'])(
  'handle() answers a request whose URL is none: "%s" [G1]',
  async (url) => {
    const { dance } = kit()
    const request = Object.defineProperty(new Request(origin), 'url', { value: url })
    expect(dance.owns(request)).toBe(false)
    expect((await dance.handle(request)).status).toBe(404)
  },
)
