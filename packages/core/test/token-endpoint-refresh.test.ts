import { fakeProvider } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { askToken, bench, staleJar, storedIn } from './support/bench.ts'
import { dump } from './support/dump.ts'
import { expectClean } from './support/envelope.ts'
import { travel } from './support/kit.ts'
import { oidcFake } from './support/oidc-fake.ts'
import { planted, tokenFaults } from './support/token-faults.ts'

for (const [what, { fault, code, cause }] of Object.entries(tokenFaults)) {
  if (code === 'grant_refused') continue
  test(`token() keeps the connection where the token endpoint answers a refresh with ${what} [G5] [G8]`, async () => {
    const b = bench()
    const jar = await staleJar(b)
    const stored = await storedIn(b)
    b.fake.fault({ endpoint: 'token', ...fault })
    const error = await askToken(b, jar)
    expect(error).toMatchObject({
      code,
      phase: 'refresh',
      provider: 'fake',
      ...(cause && { cause }),
    })
    expectClean(b.said() + dump(error), [planted])
    expect(b.errors.map((one) => one.code)).toEqual([code])
    expect(b.fake.tokenRequests.length).toBe(1)
    expect(b.fake.requests.elsewhere.length).toBe(0)
    expect(await storedIn(b)).toEqual(stored)
    expect(await askToken(b, jar)).toMatchObject({ tokenType: 'Bearer' })
    const [first, second] = await refreshTokensOf(b)
    expect(second).toBe(first)
  })
}

test('token() ends the connection at a definite invalid_grant, and asks no more F-41T NX-08 [G8]', async () => {
  for (const fault of [{ status: 400 }, { body: { error: 'invalid_grant' } }]) {
    const b = bench()
    const jar = await staleJar(b)
    b.fake.fault({ endpoint: 'token', ...fault })
    expect(await askToken(b, jar)).toMatchObject({ code: 'login_required', status: 401 })
    expect(await askToken(b, jar)).toMatchObject({ code: 'login_required' })
    expect(b.fake.tokenRequests.length).toBe(1)
    expect(b.events).toContain('needsLogin')
  }
})

test('token() ends the connection at what a preset calls invalid_grant F-31T', async () => {
  const fake = fakeProvider()
  const preset = fake.provider({ quirks: { grantRefused: ['bad_refresh_token'] } })
  const b = bench({ providers: { fake: preset } }, fake)
  const jar = await staleJar(b)
  fake.fault({ endpoint: 'token', body: { error: 'bad_refresh_token' } })
  expect(await askToken(b, jar)).toMatchObject({ code: 'login_required' })
})

test('token() waits no longer than its timeout for a refresh, and keeps what comes later F-38T [G1] [G8]', async () => {
  const fake = fakeProvider({ rotation: 'strict' })
  const b = bench({ timeout: 150 }, fake)
  const jar = await staleJar(b)
  fake.fault({ endpoint: 'token', delay: 300 })
  expect(await askToken(b, jar)).toMatchObject({ code: 'provider_timeout', phase: 'refresh' })
  await new Promise((resolve) => setTimeout(resolve, 350))
  expect(await askToken(b, jar)).toMatchObject({ tokenType: 'Bearer' })
  expect(fake.tokenRequests.length).toBe(1)
  expect(fake.grants).toBe(1)
})

test('token() does not try again before the provider said so F-40T', async () => {
  const b = bench()
  const jar = await staleJar(b)
  b.fake.fault({ endpoint: 'token', status: 429, headers: { 'retry-after': '1000000000' } })
  expect(await askToken(b, jar)).toMatchObject({ code: 'provider_unavailable', retryAfter: 120 })
  expect(await askToken(b, jar)).toMatchObject({ code: 'provider_unavailable' })
  expect(b.fake.tokenRequests.length).toBe(1)
  const back = travel(121)
  expect(await askToken(b, jar).finally(back)).toMatchObject({ tokenType: 'Bearer' })
  expect(b.fake.tokenRequests.length).toBe(2)
})

test('token() answers the token it has while a refresh fails and it is still good NX-08 [G8]', async () => {
  for (const fault of [{ status: 503 }, { networkError: true }, { status: 400, body: {} }]) {
    const b = bench()
    const expiresAt = Math.floor(Date.now() / 1000) + 200
    const jar = await staleJar(b, { accessToken: 'still-good', expiresAt })
    b.fake.fault({ endpoint: 'token', ...fault })
    const back = travel(190)
    expect(await askToken(b, jar).finally(back)).toMatchObject({ accessToken: 'still-good' })
    expect(b.fake.tokenRequests.length).toBe(1)
  }
})

test('token() never repeats a refresh token that the provider repeats in its error [G11]', async () => {
  const fake = fakeProvider()
  const echoing: typeof fetch = async (input, init) => {
    const form = new URLSearchParams(await new Request(input, init).text())
    const error_description = `unknown ${form.get('refresh_token')}`
    return Response.json({ error: 'invalid_request', error_description }, { status: 400 })
  }
  const b = bench({ fetch: echoing }, fake)
  const error = await askToken(b, await staleJar(b))
  expect(error).toMatchObject({ cause: { error_description: 'unknown (secret)' } })
})

test('token() sends no refresh token where the metadata now names another host F-17 MCP [G10]', async () => {
  const fake = oidcFake()
  const before = bench({}, fake)
  const jar = await staleJar(before)
  const metadata = (one: object) => ({ ...one, token_endpoint: 'https://evil.test/token' })
  fake.set({ tamper: { metadata } })
  const b = bench({ storage: before.storage }, fake)
  expect(await askToken(b, jar)).toMatchObject({ code: 'metadata_changed' })
  expect(fake.requests.elsewhere.length + fake.tokenRequests.length).toBe(0)
})

async function refreshTokensOf({ fake }: ReturnType<typeof bench>): Promise<(string | null)[]> {
  const bodies = await Promise.all(fake.tokenRequests.map((request) => request.clone().text()))
  return bodies.map((body) => new URLSearchParams(body).get('refresh_token'))
}
