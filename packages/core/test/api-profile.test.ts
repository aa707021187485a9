import { fakeProvider } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { type Bench, bench, patienceFor, staleJar } from './support/bench.ts'
import { dump } from './support/dump.ts'
import { expectClean } from './support/envelope.ts'
import { origin } from './support/kit.ts'

const later = Math.floor(Date.now() / 1000) + 3600
const html = { 'content-type': 'text/html' }

const faults = {
  'answers HTML': [{ body: '<html>', headers: html }, 'provider_bad_response'],
  'answers a list': [{ body: [] }, 'provider_bad_response'],
  'names nobody': [{ body: { name: 'Mona' } }, 'provider_bad_response'],
  'answers 404': [{ status: 404 }, 'provider_bad_response'],
  'answers 500': [{ status: 500 }, 'provider_unavailable'],
  'answers 20 MB': [{ huge: 20_000_000 }, 'provider_bad_response'],
  'redirects elsewhere': [{ redirect: 'https://evil.test/steal' }, 'provider_bad_response'],
  hangs: [{ hang: true }, 'provider_timeout'],
  drips: [{ drip: 40 }, 'provider_timeout'],
  'is not there': [{ networkError: true }, 'provider_unreachable'],
} as const

for (const [what, [fault, code]] of Object.entries(faults)) {
  test(`profile() fails by name where the profile ${what} [G5] [G10]`, async () => {
    const b = bench(patienceFor(fault))
    b.fake.fault({ endpoint: '/api/user', ...fault })
    const error = await act(b, (connection) => connection.profile())
    expect(error).toMatchObject({ code })
    expect(b.fake.requests.elsewhere.length).toBe(0)
    expectClean(dump(error) + b.said(), b.fake.secrets())
  })
}

test('profile() fails by name where its map does not fit the answer, and repeats nothing of it [G11]', async () => {
  const fake = fakeProvider()
  const map = () => {
    throw new TypeError('no name in canary-answer')
  }
  const profile = { url: `${fake.issuer}/api/user`, map }
  const b = bench({ providers: { fake: fake.provider({ profile }) } }, fake)
  const error = await act(b, (connection) => connection.profile())
  expect(error).toMatchObject({ code: 'provider_bad_response' })
  expectClean(dump(error) + b.said(), ['canary-answer'])
})

test('profile() refreshes a token that the provider refuses and asks once more S25 NX-11', async () => {
  const b = bench()
  b.fake.fault({ endpoint: '/api/user', status: 401 })
  expect(await act(b, (connection) => connection.profile())).toMatchObject({ id: '583231' })
  expect(b.fake.tokenRequests.length).toBe(1)
  expect(b.fake.requests.api.length).toBe(2)
})

test('profile() never repeats a token that the provider repeats in its error [G11]', async () => {
  const fake = fakeProvider()
  const echoing: typeof fetch = async (input, init) => {
    const { headers } = new Request(input, init)
    const error_description = `not with ${headers.get('authorization')}`
    return Response.json({ error: 'forbidden', error_description }, { status: 403 })
  }
  const b = bench({ fetch: echoing }, fake)
  const error = await act(b, (connection) => connection.profile())
  expect(error).toMatchObject({
    code: 'provider_error',
    cause: { error_description: 'not with Bearer (secret)' },
  })
})

const revocations = {
  'answers 200': [{ status: 200 }, 'revoked'],
  'answers 400': [{ status: 400 }, 'failed'],
  'answers 503': [{ status: 503 }, 'failed'],
  'answers 20 MB': [{ huge: 20_000_000 }, 'failed'],
  redirects: [{ redirect: 'https://evil.test/steal' }, 'failed'],
  hangs: [{ hang: true }, 'failed'],
  drips: [{ status: 200, body: 'x'.repeat(20), drip: 40 }, 'failed'],
  'is not there': [{ networkError: true }, 'failed'],
} as const

for (const [what, [fault, remote]] of Object.entries(revocations)) {
  test(`disconnect() drops the token here where the revocation endpoint ${what} S24 A-08 [G5] [G12]`, async () => {
    const b = bench(patienceFor(fault))
    b.fake.fault({ endpoint: 'revoke', ...fault })
    expect(await act(b, (connection) => connection.disconnect())).toEqual({ remote })
    expect((await b.storage.list({})).keys).toEqual([])
    expect(b.fake.requests.revoke.length).toBe(1)
    expect(b.fake.requests.elsewhere.length).toBe(0)
  })
}

type Connection = Awaited<ReturnType<ReturnType<Bench['dance']['visit']>['connection']>>

/** What an app does with the connection of a browser that is connected: its outcome, or what it threw. */
async function act(b: Bench, use: (connection: Connection) => Promise<unknown>): Promise<unknown> {
  const jar = await staleJar(b, { expiresAt: later })
  let outcome: unknown
  const app = b.dance.wrap(async (_request, visit) => {
    outcome = await use(await visit.connection('fake')).catch((error: unknown) => error)
    return new Response()
  })
  await jar.send(app, `${origin}/`)
  return outcome
}
