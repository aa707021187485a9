import { fakeProvider, memoryStorage } from '@fetch-dance/testing'
import { sealedCookieStorage } from 'fetch-dance'
import { expect, test } from 'vitest'
import { askToken, begin, bench, comeBack, staleJar } from './support/bench.ts'
import { origin } from './support/kit.ts'
import { oidcFake } from './support/oidc-fake.ts'

test('wrap() leaves no answer cacheable that gets a cookie of ours CVE-2025-48947 CVE-2025-64762 [G1]', async () => {
  const b = bench({ storage: sealedCookieStorage() })
  const jar = await staleJar(b)
  const app = b.dance.wrap(async (_request, visit) => {
    await (await visit.connection('fake')).token()
    return new Response('mine', {
      headers: { 'cache-control': 'public, max-age=600', vary: 'Accept' },
    })
  })
  const refreshed = await jar.send(app, `${origin}/`)
  expect(refreshed.headers.getSetCookie().length).toBe(1)
  expect(refreshed.headers.get('cache-control')).toBe('private, no-store')
  expect(refreshed.headers.get('vary')).toBe('Accept, Cookie')
  const untouched = await jar.send(app, `${origin}/`)
  expect(untouched.headers.getSetCookie()).toEqual([])
  expect(untouched.headers.get('cache-control')).toBe('public, max-age=600')
})

test('token() never passes for a truth where the provider is configured wrongly GHSA-8fpg-xm3f-6cx3', async () => {
  const fake = oidcFake()
  const before = bench({}, fake)
  const jar = await staleJar(before)
  const broken = [
    { providers: { fake: fake.provider({ clientId: 'wrong' }) } },
    { providers: { fake: fake.provider({ clientSecret: 'wrong' }) } },
    {
      fetch: () =>
        Promise.resolve(
          Response.json({ message: 'There is a problem with the configuration' }, { status: 500 }),
        ),
    },
    { fetch: () => Promise.resolve(Response.json({ ok: true })) },
    { fetch: () => Promise.reject(new TypeError('fetch failed')) },
  ]
  for (const options of broken) {
    const b = bench({ storage: before.storage, ...options }, fake)
    const outcome = await askToken(b, jar.copy())
    expect(outcome).toMatchObject({ name: 'DanceError' })
    const nobody = b.dance.visit(new Request(`${origin}/`))
    expect((await nobody.connection('fake')).authorized).toBe(false)
  }
})

test('a code and a refresh token are sent once, however many ask at the same time GHSA-7w99-5wm4-3g79 GHSA-392p-2q2v-4372 [G9]', async () => {
  const fake = fakeProvider({ rotation: 'strict' })
  const b = bench({}, fake)
  const { answer } = await begin(b)
  await Promise.all(
    Array.from({ length: 5 }, () => comeBack({ dance: b.dance, jar: b.jar.copy() }, answer)),
  )
  expect(fake.tokenRequests.length).toBe(1)
  const jar = await staleJar(b)
  const tokens = await Promise.all(Array.from({ length: 5 }, () => askToken(b, jar.copy())))
  expect(new Set(tokens.map((token) => 'accessToken' in token && token.accessToken)).size).toBe(1)
  expect(fake.tokenRequests.length).toBe(2)
})

test('the app’s guard sees every address the dance asks, and what it refuses is not asked GHSA-5rr4-8452-hf4v [G10]', async () => {
  for (const [path, code] of Object.entries({
    '/token': 'address_refused',
    '/jwks': 'address_refused',
    '/userinfo': 'handler_failed',
  })) {
    const fake = oidcFake()
    const asked: string[] = []
    const allow = (url: URL) => asked.push(url.pathname) > 0 && url.pathname !== path
    const b = bench({ allow, storage: memoryStorage() }, fake)
    b.dance.events.on('authorized', async (event) => void (await event.profile()))
    const { answer } = await begin(b)
    const response = await comeBack({ dance: b.dance, jar: b.jar }, answer)
    expect(response.status >= 500).toBe(true)
    expect(b.errors.map((error) => error.code)).toEqual([code])
    expect(asked).toContain(path)
    const refused = [...fake.requests.token, ...fake.requests.jwks, ...fake.requests.userinfo]
    expect(refused.map((request) => new URL(request.url).pathname)).not.toContain(path)
    expect(b.events).not.toContain('stored')
  }
})
