import { type CookieJar, cookieJar, fakeProvider, memoryStorage } from '@fetch-dance/testing'
import { sealedCookieStorage } from 'fetch-dance'
import { expect, test } from 'vitest'
import {
  askToken,
  type Bench,
  begin,
  bench,
  comeBack,
  expectRefused,
  staleJar,
} from './support/bench.ts'
import { origin } from './support/kit.ts'
import { oidcFake } from './support/oidc-fake.ts'

test('no sealed value opens under the name of another cookie CVE-2023-48309 GHSA-xg6x-h9c9-2m83 F-43 [G2]', async () => {
  for (const storage of [memoryStorage(), sealedCookieStorage()]) {
    const fake = fakeProvider()
    const providers = { fake: fake.provider(), twin: fake.provider() }
    const b = bench({ storage, providers }, fake)
    b.dance.events.on('authorized', () => ({ owner: 'alice' }), { provider: 'twin' })
    for (const path of ['/login/fake', '/login/twin'])
      await comeBack(b, (await begin(b, path)).answer)
    await begin(b)
    const cookies = b.jar.cookies()
    expect(cookies.length >= 3).toBe(true) // a token or its id, an owner, a flow
    for (const { name } of cookies) {
      for (const other of cookies.filter((one) => one.name !== name)) {
        const seen = await whoIs(b, `${name}=${other.value}`)
        expect(seen).toEqual({ owner: null, statuses: ['none', 'none'] })
      }
    }
  }
})

test('callback() takes no other sealed value for a flow CVE-2023-48309 [G2]', async () => {
  const b = bench({ storage: sealedCookieStorage() })
  await comeBack(b, (await begin(b)).answer)
  const [token] = b.jar.cookies()
  const jar = cookieJar()
  const { answer } = await begin({ ...b, jar })
  const [flow] = jar.cookies()
  const response = await b.dance.handle(
    new Request(answer, {
      headers: { cookie: `${flow?.name}=${token?.value}`, 'sec-fetch-mode': 'navigate' },
    }),
  )
  expect(response.status).toBe(400)
  expect(b.errors.map(({ code }) => code)).toEqual(['flow_missing'])
  expect(b.fake.tokenRequests.length).toBe(1)
})

test('a cookie from before the dance opens nothing after it CVE-2022-25896 CVE-2023-29019 NX-26', async () => {
  const b = bench()
  await comeBack(b, (await begin(b)).answer)
  const stolen = b.jar.copy()
  expect(await askToken(b, stolen)).toMatchObject({ tokenType: 'Bearer' })
  await comeBack(b, (await begin(b)).answer)
  expect(b.jar.get('__Host-dance.fake')).not.toBe(stolen.get('__Host-dance.fake'))
  expect(await askToken(b, stolen)).toMatchObject({ code: 'login_required' })
  expect(await askToken(b, b.jar)).toMatchObject({ tokenType: 'Bearer' })
})

const changes: Record<string, object> = {
  'another client': { clientId: 'another-client' },
  'another issuer': { issuer: 'https://evil.test' },
  'another token endpoint': { tokenEndpoint: 'https://evil.test/token' },
}

for (const [what, change] of Object.entries(changes)) {
  test(`a token is absent, and never sent, once the provider is configured with ${what} SEP-2352 SEP-2468 [G10]`, async () => {
    const fake = fakeProvider()
    const before = bench({}, fake)
    const jar: CookieJar = await staleJar(before)
    expect(await statusIn(before, jar)).toBe('expired')
    const providers = { fake: fake.provider(change) }
    const after = bench({ storage: before.storage, providers }, fake)
    expect(await statusIn(after, jar)).toBe('none')
    expect(await askToken(after, jar)).toMatchObject({ code: 'login_required' })
    expect(fake.tokenRequests.length + fake.requests.elsewhere.length).toBe(0)
    expect(await askToken(before, jar)).toMatchObject({ tokenType: 'Bearer' })
  })
}

test('an account is named by issuer and subject, never by an e-mail address nOAuth', async () => {
  const fake = oidcFake({ person: { email: 'victim@fake.test' } })
  const b = bench({ owner: () => 'alice' }, fake)
  const seen: unknown[] = []
  b.dance.events.on('authorized', ({ connection }) => void seen.push(connection.account))
  await comeBack(b, (await begin(b)).answer)
  expect(seen).toEqual(['https://fake.test|583231'])
  const { keys } = await b.storage.list({ owner: 'user:alice' })
  expect(keys.map(({ account }) => account)).toEqual(['https://fake.test|583231'])
})

test('callback() ends a flow of an account for a person who is another one by now [G2]', async () => {
  const fake = oidcFake()
  const b = bench({ owner: () => 'alice' }, fake)
  await comeBack(b, (await begin(b)).answer)
  const [stored] = (await b.storage.list({ owner: 'user:alice' })).keys
  const again = b.dance.wrap(async (_request, visit) =>
    (await visit.connection('fake', { account: stored?.account ?? '' })).login(),
  )
  const response = await b.jar.send(again, `${origin}/`)
  fake.set({ person: { id: '2', login: 'hubot' } })
  const decided = await fake.fetch(response.headers.get('location') ?? '', { redirect: 'manual' })
  const answer = await comeBack(b, decided.headers.get('location') ?? '')
  expect(answer.status).toBe(403)
  expect(b.errors.map(({ code }) => code)).toEqual(['account_mismatch'])
  expect((await b.storage.list({ owner: 'user:alice' })).keys).toEqual([stored])
})

test('callback() refuses a state of its own shape that was never issued CVE-2025-68481 [G2]', async () => {
  const b = bench()
  const { answer } = await begin(b)
  const jar = cookieJar()
  for (const name of b.jar.cookies().map((cookie) => cookie.name)) {
    const headers = { cookie: `${name}=${answer.searchParams.get('state')}` }
    await expectRefused(b, answer, { code: 'flow_missing', status: 400 }, { jar, headers })
  }
})

/** Whom the dance sees behind one cookie, and what is connected. */
async function whoIs(b: Bench, cookie: string): Promise<unknown> {
  const visit = b.dance.visit(new Request(`${origin}/`, { headers: { cookie } }))
  const connections = [await visit.connection('fake'), await visit.connection('twin')]
  return { owner: await visit.owner(), statuses: connections.map(({ status }) => status) }
}

async function statusIn(b: Bench, jar: CookieJar): Promise<string> {
  let status = ''
  const app = b.dance.wrap(async (_request, visit) => {
    status = (await visit.connection('fake')).status
    return new Response()
  })
  await jar.send(app, `${origin}/`)
  return status
}
