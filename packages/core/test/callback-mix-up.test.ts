import { cookieJar, fakeProvider, joinFakes } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { begin, bench, comeBack, expectRefused, storedIn } from './support/bench.ts'
import { oidcFake } from './support/oidc-fake.ts'

test('callback() refuses the answer of one provider at the callback of another F-05 S3 GHSA-x445-f3h2-j279 [G2]', async () => {
  const fake = fakeProvider()
  const evil = fakeProvider({ id: 'evil', issuer: 'https://evil.test' })
  const providers = { fake: fake.provider(), evil: evil.provider() }
  const b = bench({ providers, fetch: joinFakes(fake, evil) }, fake)
  const honest = await begin(b)
  const crossed = new URL(honest.answer)
  crossed.pathname = '/login/evil/callback'
  await expectRefused(b, crossed, { code: 'state_mismatch', status: 400 })
  const attack = await begin({ ...b, fake: evil }, '/login/evil')
  attack.answer.pathname = '/login/fake/callback'
  await expectRefused(b, attack.answer, { code: 'state_mismatch', status: 400 })
  expect(evil.tokenRequests.length).toBe(0)
  expect((await comeBack(b, honest.answer)).status).toBe(303)
})

test('callback() tells two instances of one provider apart, each with a callback and a flow of its own F-05 S13 [G2]', async () => {
  const fake = fakeProvider()
  const b = bench({ providers: { fake: fake.provider(), twin: fake.provider() } }, fake)
  const one = await begin(b)
  const two = await begin(b, '/login/twin')
  expect(one.authorize.searchParams.get('redirect_uri')).toBe(
    'https://app.test/login/fake/callback',
  )
  expect(two.authorize.searchParams.get('redirect_uri')).toBe(
    'https://app.test/login/twin/callback',
  )
  expect(b.jar.cookies().length).toBe(2)
  two.answer.pathname = '/login/fake/callback'
  await expectRefused(b, two.answer, { code: 'state_mismatch', status: 400 })
})

test('callback() refuses a flow cookie renamed to the state of another flow F-43 GHSA-x445-f3h2-j279 [G2]', async () => {
  const b = bench()
  await begin(b)
  const [mine] = b.jar.cookies()
  const other = await begin({ ...b, jar: cookieJar() })
  const jar = cookieJar()
  await begin({ ...b, jar })
  const state = other.answer.searchParams.get('state') ?? ''
  const name = await flowCookieName(state)
  const headers = { cookie: `${name}=${mine?.value}` }
  await expectRefused(
    b,
    other.answer,
    { code: 'flow_missing', status: 400 },
    { jar: cookieJar(), headers },
  )
})

const issuers = {
  'of somebody else': 'https://evil.test',
  'with a trailing slash': 'https://fake.test/',
  'in upper case': 'https://FAKE.test',
  'with a port': 'https://fake.test:443',
}

for (const [what, iss] of Object.entries(issuers)) {
  test(`callback() refuses an issuer ${what} F-16 S6 invalid-authorization-response-iss [G2]`, async () => {
    for (const oidc of [true, false]) {
      const fake = fakeProvider({ oidc, iss })
      const b = bench({}, fake)
      const { answer } = await begin(b)
      await expectRefused(b, answer, { code: 'issuer_mismatch', status: 400 })
      expect(fake.requests.userinfo.length + fake.requests.jwks.length).toBe(0)
    }
  })
}

test('callback() refuses an answer without the issuer that the metadata promises F-16 S6 remove-authorization-response-iss [G2]', async () => {
  const fake = oidcFake()
  const b = bench({}, fake)
  const { answer } = await begin(b)
  answer.searchParams.delete('iss')
  await expectRefused(b, answer, { code: 'issuer_mismatch', status: 400 })
})

test('callback() checks the issuer of an error as well S6 [G2]', async () => {
  const fake = oidcFake({ iss: 'https://evil.test', consent: 'deny' })
  const b = bench({}, fake)
  const { answer } = await begin(b)
  await expectRefused(b, answer, { code: 'issuer_mismatch', status: 400 })
})

test('callback() takes the equal issuer S6 [G2]', async () => {
  for (const fake of [oidcFake(), fakeProvider({ iss: true })]) {
    const b = bench({}, fake)
    const { answer } = await begin(b)
    expect(answer.searchParams.get('iss')).toBe(fake.issuer)
    expect((await comeBack(b, answer)).status).toBe(303)
  }
})

test('callback() takes any issuer of a provider that begins to send one and is configured without S6', async () => {
  const fake = fakeProvider()
  const b = bench({}, fake)
  fake.set({ iss: 'https://new.fake.test' })
  const { answer } = await begin(b)
  expect((await comeBack(b, answer)).status).toBe(303)
})

test('callback() never sends a code to a token endpoint the metadata learned since F-17 S4 [G2]', async () => {
  const fake = oidcFake()
  const before = bench({}, fake)
  const { answer } = await begin(before)
  const metadata = (one: Record<string, unknown>) => ({
    ...one,
    token_endpoint: 'https://evil.test/token',
  })
  fake.set({ tamper: { metadata } })
  const after = bench({ storage: before.storage }, fake) // another isolate, with the metadata of now
  const b = { ...after, jar: before.jar }
  await expectRefused(b, answer, { code: 'metadata_changed', status: 502 })
  expect(fake.requests.elsewhere.length).toBe(0)
  expect(await storedIn(before)).toEqual([])
})

async function flowCookieName(state: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(state))
  const text = btoa(String.fromCharCode(...new Uint8Array(digest)))
  return `__Host-dance.flow.${text.replaceAll('+', '-').replaceAll('/', '_').slice(0, 12)}`
}
