import { expect, test } from 'vitest'
import { type Bench, begin, bench, comeBack, patienceFor } from './support/bench.ts'
import { dump } from './support/dump.ts'
import { canariesOf, expectClean, expectEnvelope } from './support/envelope.ts'
import { origin, travel } from './support/kit.ts'
import { oidcFake } from './support/oidc-fake.ts'

type Metadata = Record<string, unknown>

test('login() reads the metadata and sends the visitor where it says: discovery-openid-config', async () => {
  const metadata = (one: Metadata) => ({
    ...one,
    authorization_endpoint: 'https://sign-in.fake.test/go?tenant=1',
  })
  const b = bench({}, oidcFake({ tamper: { metadata } }))
  const response = await logIn(b)
  const url = new URL(response.headers.get('location') ?? '')
  expect(url.origin + url.pathname).toBe('https://sign-in.fake.test/go')
  expect(url.searchParams.get('tenant')).toBe('1')
})

test('callback() reads the keys where the metadata says: discovery-jwks-uri-keys', async () => {
  for (const path of ['/keys/1', '/keys/2']) {
    const fake = oidcFake()
    fake.set({ tamper: { metadata: (one) => ({ ...one, jwks_uri: fake.issuer + path }) } })
    const asked: string[] = []
    const spy: typeof fetch = (input, init) => {
      asked.push(String(input))
      return fake.fetch(String(input).replace(path, '/jwks'), init)
    }
    const b = bench({ fetch: spy }, fake)
    const { answer } = await begin(b)
    expect((await comeBack(b, answer)).status).toBe(303)
    expect(asked).toContain(fake.issuer + path)
  }
})

test('login() reads the metadata once an hour', async () => {
  const b = bench({}, oidcFake())
  await Promise.all([logIn(b), logIn(b)])
  await logIn(b)
  expect(b.fake.requests.discovery.length).toBe(1)
  const back = travel(3601)
  await logIn(b).finally(back)
  expect(b.fake.requests.discovery.length).toBe(2)
})

const otherIssuers = [
  'https://evil.test',
  'https://fake.test/',
  'https://FAKE.test',
  'https://fake.test:443',
  '',
  null,
  7,
  ['https://fake.test'],
]

for (const issuer of otherIssuers) {
  test(`login() refuses metadata of the issuer ${JSON.stringify(issuer)}: discovery-issuer-mismatch S19 [G2]`, () =>
    expectRefusedMetadata((one) => ({ ...one, issuer })))
}

test('login() reads the metadata of an issuer that ends with a slash as it stands S19', async () => {
  const fake = oidcFake()
  const slash = 'https://fake.test/'
  const preset = { fake: fake.provider({ issuer: slash }) }
  expect((await logIn(bench({ providers: preset }, fake))).status).toBe(502)
  fake.set({ tamper: { metadata: (one) => ({ ...one, issuer: slash }) } })
  expect((await logIn(bench({ providers: preset }, fake))).status).toBe(302)
})

const endpoints = [
  'authorization_endpoint',
  'token_endpoint',
  'jwks_uri',
  'userinfo_endpoint',
  'revocation_endpoint',
]
const addresses = [
  'http://fake.test/x',
  'http://127.0.0.1:9200/',
  'http://localhost/x',
  'http://[::1]/x',
  'javascript:alert(1)',
  'file:///etc/passwd',
  'data:text/html,x',
  'ftp://fake.test/x',
  'https://user:secret@fake.test/x',
  'https://fake.test@evil.test/x',
  'https://fake.test/a b',
  'https://fake.test/$(id)',
  'https://fake.test/`id`',
  'a:$(calc.exe)?response_type=code',
  '/authorize',
  '//fake.test/authorize',
  'fake.test',
  '',
  7,
  null,
  ['https://fake.test/x'],
  {},
]

for (const name of endpoints) {
  test(`login() refuses metadata whose ${name} is no address of the web CVE-2025-6514 [G10]`, async () => {
    for (const address of addresses) {
      await expectRefusedMetadata((one) => ({ ...one, [name]: address }))
    }
  })
}

for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri']) {
  test(`login() refuses metadata without ${name}`, () =>
    expectRefusedMetadata((one) => ({ ...one, [name]: undefined })))
}

test('login() takes metadata on loopback from an issuer on loopback', async () => {
  const fake = oidcFake({ issuer: 'http://127.0.0.1:8080' })
  const b = bench({ origin: 'http://localhost:3000' }, fake)
  const response = await b.jar.send(b.dance.handle, 'http://localhost:3000/login/fake')
  expect(response.headers.get('location')).toMatch(/^http:\/\/127\.0\.0\.1:8080\/authorize\?/)
})

const outages = {
  'answers 404': [{ status: 404 }, 'discovery_failed', 502],
  'answers 500': [{ status: 500 }, 'provider_unavailable', 503],
  'answers 429': [{ status: 429 }, 'provider_unavailable', 503],
  'answers HTML': [
    { body: '<html>', headers: { 'content-type': 'text/html' } },
    'discovery_failed',
    502,
  ],
  'answers a list': [{ body: [] }, 'discovery_failed', 502],
  'answers null': [{ body: null }, 'discovery_failed', 502],
  'answers 20 MB': [{ huge: 20_000_000 }, 'provider_bad_response', 502],
  redirects: [
    { redirect: 'https://evil.test/.well-known/openid-configuration' },
    'discovery_failed',
    502,
  ],
  'redirects to a private address': [
    { redirect: 'http://169.254.169.254/' },
    'discovery_failed',
    502,
  ],
  hangs: [{ hang: true }, 'provider_timeout', 504],
  drips: [{ drip: 40 }, 'provider_timeout', 504],
  'is not there': [{ networkError: true }, 'provider_unreachable', 502],
} as const

for (const [what, [fault, code, status]] of Object.entries(outages)) {
  test(`login() starts nothing where the discovery ${what}, and the next one does [G1] [G5]`, async () => {
    const b = bench(patienceFor(fault), oidcFake())
    b.fake.fault({ endpoint: 'discovery', ...fault })
    await expectNoLogin(b, code, status)
    expect((await logIn(b)).status).toBe(302)
  })
}

test('login() never shows the client secret where the metadata is wrong [G11]', async () => {
  const fake = oidcFake({ clientSecret: 'canary-client-secret' })
  fake.set({ tamper: { metadata: () => ({ issuer: 'canary-client-secret' }) } })
  const b = bench({}, fake)
  await expectNoLogin(b, 'discovery_failed', 502)
  expectClean(b.said() + dump(b.errors), ['canary-client-secret'])
})

test('login() asks no address that the app does not allow [G10]', async () => {
  const fake = oidcFake()
  const b = bench({ allow: (url: URL) => url.hostname !== 'fake.test' }, fake)
  await expectNoLogin(b, 'address_refused', 502)
  expect(fake.requests.discovery.length).toBe(0)
})

function logIn(b: Bench): Promise<Response> {
  return b.jar.send(b.dance.handle, `${origin}/login/fake`)
}

async function expectRefusedMetadata(metadata: (one: Metadata) => Metadata): Promise<void> {
  const b = bench({}, oidcFake({ tamper: { metadata } }))
  await expectNoLogin(b, 'discovery_failed', 502)
  expect(b.fake.requests.elsewhere.length + b.fake.requests.jwks.length).toBe(0)
}

async function expectNoLogin(b: Bench, code: string, status: number): Promise<void> {
  const response = await logIn(b)
  await expectEnvelope(response, canariesOf(b))
  expect(response.status).toBe(status)
  expect(response.headers.has('location')).toBe(false)
  expect(b.errors.map((error) => error.code)).toEqual([code])
  expect(b.jar.cookies()).toEqual([])
  expect(b.fake.tokenRequests.length).toBe(0)
}
