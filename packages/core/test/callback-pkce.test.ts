import { fakeProvider, memoryStorage } from '@fetch-dance/testing'
import { oauth2Provider } from 'fetch-dance'
import { expect, test } from 'vitest'
import { begin, bench, comeBack, expectRefused } from './support/bench.ts'
import { canariesOf, expectClean } from './support/envelope.ts'
import { kit, origin, secret } from './support/kit.ts'
import { oidcFake } from './support/oidc-fake.ts'

test('login() draws a new state, challenge and nonce each time: a thousand logins, a thousand of each S5 CVE-2023-31999 [G3]', async () => {
  const fake = oidcFake()
  const { dance } = kit({}, fake)
  const seen = {
    state: new Set<string>(),
    code_challenge: new Set<string>(),
    nonce: new Set<string>(),
  }
  for (let login = 0; login < 1000; login++) {
    const { searchParams } = await authorizeUrl(dance.handle)
    expect(searchParams.get('code_challenge_method')).toBe('S256')
    for (const [name, values] of Object.entries(seen)) values.add(searchParams.get(name) ?? '')
  }
  for (const values of Object.values(seen)) {
    expect(values.size).toBe(1000)
    // base64url of at least 128 bits
    for (const value of values) expect(value).toMatch(/^[\w-]{22,}$/)
  }
})

const advertised: Record<string, readonly string[] | undefined> = {
  nothing: undefined,
  'an empty list': [],
  'plain alone': ['plain'],
  'S512 alone': ['S512'],
}

for (const [what, methods] of Object.entries(advertised)) {
  test(`login() sends S256 to a provider that advertises ${what} F-14 S5 [G3]`, async () => {
    const metadata = (one: Record<string, unknown>) => ({
      ...one,
      code_challenge_methods_supported: methods,
    })
    const fake = oidcFake({ tamper: { metadata } })
    const b = bench({}, fake)
    const { authorize, answer } = await begin(b)
    expect(authorize.searchParams.get('code_challenge_method')).toBe('S256')
    expect(authorize.searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/)
    expect((await comeBack(b, answer)).status).toBe(303)
    const sent = new URLSearchParams(await fake.tokenRequests[0]?.clone().text())
    expect(sent.get('code_verifier')).toMatch(/^[\w.~-]{43,128}$/)
  })
}

test('login() lets nobody set the parameters of the protocol F-14 [G3]', async () => {
  const params = {
    code_challenge: 'mine',
    code_challenge_method: 'plain',
    state: 'mine',
    nonce: 'mine',
    client_id: 'mine',
    redirect_uri: 'https://evil.test/',
    response_type: 'token',
    response_mode: 'fragment',
    request: 'mine',
    request_uri: 'https://evil.test/',
    iss: 'mine',
  }
  const fake = oidcFake()
  const plain = await authorizeUrl(kit({}, fake).dance.handle)
  const b = kit({ providers: { fake: fake.provider({ authorizationParams: params }) } }, fake)
  b.dance.events.on('beforeLogin', (event) => {
    for (const [name, value] of Object.entries(params)) event.params.set(name, value)
  })
  const { searchParams } = await authorizeUrl(b.dance.handle, `?${new URLSearchParams(params)}`)
  expect([...searchParams.keys()].sort()).toEqual([...plain.searchParams.keys()].sort())
  expect([...searchParams.values()]).not.toContain('mine')
  expect(searchParams.toString()).not.toContain('evil')
  expect(searchParams.get('code_challenge_method')).toBe('S256')
})

test('login() never shows the verifier, nor does a whole dance S5 A-10 [G11]', async () => {
  const b = bench()
  const { authorize, answer } = await begin(b)
  const response = await comeBack(b, answer)
  const canaries = canariesOf(b).filter((one) => one !== answer.searchParams.get('code'))
  const verifier = new URLSearchParams(await b.fake.tokenRequests[0]?.clone().text()).get(
    'code_verifier',
  )
  expect(canaries).toContain(verifier)
  const cookies = response.headers.getSetCookie().map((line) => line.replace(/=[^;]*/, ''))
  expectClean(`${authorize} ${response.headers.get('location')} ${cookies} ${b.said()}`, canaries)
})

test('callback() refuses a flow that was begun without a verifier F-15 [G3]', async () => {
  const storage = memoryStorage()
  const fake = fakeProvider({ pkce: 'optional' })
  const without = { fake: fake.provider({ pkce: 'breaks' }) }
  const before = bench({ storage, providers: without }, fake)
  const { authorize, answer } = await begin(before)
  expect(authorize.searchParams.has('code_challenge')).toBe(false)
  const b = { ...bench({ storage }, fake), jar: before.jar }
  await expectRefused(b, answer, { code: 'flow_missing', status: 400 })
})

test('callback() ends a flow that was sealed with another secret [G2]', async () => {
  const before = bench()
  const { answer } = await begin(before)
  const other = bench({ secret: [...secret].reverse().join('') }, before.fake)
  await expectRefused({ ...other, jar: before.jar }, answer, { code: 'flow_missing', status: 400 })
})

test('callback() takes a flow sealed with the older of two secrets [G2]', async () => {
  const before = bench()
  const { answer } = await begin(before)
  const after = bench({ secret: [[...secret].reverse().join(''), secret] }, before.fake)
  expect((await comeBack({ ...after, jar: before.jar }, answer)).status).toBe(303)
})

test('createDance() knows no plain PKCE F-14 [G3]', () => {
  const facts = {
    id: 'fake',
    authorizationEndpoint: 'https://fake.test/a',
    tokenEndpoint: 'https://fake.test/t',
  }
  // what the type forbids is refused when it comes from JavaScript
  const plain = oauth2Provider({ ...facts, pkce: 'plain' as 'S256' })
  expect(() => kit({ providers: { fake: plain } })).toThrow(/providers\.fake\.pkce/)
})

async function authorizeUrl(
  handle: (request: Request) => Promise<Response>,
  query = '',
): Promise<URL> {
  const headers = { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'none' }
  const response = await handle(new Request(`${origin}/login/fake${query}`, { headers }))
  return new URL(response.headers.get('location') ?? '')
}
