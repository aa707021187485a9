import { fakeProvider } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { askToken, type Bench, begin, bench, comeBack, staleJar } from './support/bench.ts'

const clientId = 'client-1'
const clientSecret = 'a secret: +/=%&ü'
const encoded = btoa('client-1:a+secret%3A+%2B%2F%3D%25%26%C3%BC')

test('callback() and token() prove the client in the header and nowhere else: client-secret-basic S8', async () => {
  for (const request of await requestsWith('basic')) {
    expect(request.method).toBe('POST')
    const [scheme, credentials = ''] = (request.headers.get('authorization') ?? '').split(' ')
    expect(scheme).toBe('Basic')
    expect(decoded(credentials)).toEqual(decoded(encoded))
    const form = new URLSearchParams(await request.text())
    expect(form.has('client_secret') || form.has('client_assertion')).toBe(false)
    expect(new URL(request.url).search).toBe('')
  }
})

test('callback() and token() prove the client in the body and nowhere else: client-secret-post S8', async () => {
  for (const request of await requestsWith('post')) {
    expect(request.headers.has('authorization')).toBe(false)
    const form = new URLSearchParams(await request.text())
    expect(form.getAll('client_id')).toEqual([clientId])
    expect(form.getAll('client_secret')).toEqual([clientSecret])
    expect(new URL(request.url).search).toBe('')
  }
})

test('callback() and token() of a public client prove nothing S8', async () => {
  for (const request of await requestsWith('none')) {
    expect(request.headers.has('authorization')).toBe(false)
    const form = new URLSearchParams(await request.text())
    expect(form.getAll('client_id')).toEqual([clientId])
    expect(form.has('client_secret') || form.has('client_assertion')).toBe(false)
  }
})

test('callback() sends code, verifier and redirect URI once each, as the login had it [G7]', async () => {
  const b = bench()
  const { authorize, answer } = await begin(b)
  await comeBack(b, answer)
  const form = new URLSearchParams(await b.fake.tokenRequests[0]?.clone().text())
  expect(form.getAll('redirect_uri')).toEqual([authorize.searchParams.get('redirect_uri')])
  expect(form.getAll('code')).toEqual([answer.searchParams.get('code')])
  expect(form.getAll('grant_type')).toEqual(['authorization_code'])
  expect(form.getAll('code_verifier').length).toBe(1)
})

test('callback() exchanges with the redirect URI of the login, also on another of its origins [G7]', async () => {
  const b = bench({ origin: ['https://app.test', 'https://www.app.test'] })
  const { answer } = await begin(b)
  answer.hostname = 'www.app.test'
  const headers = { cookie: b.jar.header() }
  await comeBack({ dance: b.dance, jar: b.jar }, answer, headers)
  const form = new URLSearchParams(await b.fake.tokenRequests[0]?.clone().text())
  expect(form.get('redirect_uri')).toBe('https://app.test/login/fake/callback')
})

test('callback() posts its form as a text that says what it is, as another realm’s fetch takes it too', async () => {
  const fake = fakeProvider()
  const posted: unknown[] = []
  const spy: typeof fetch = (input, init) => {
    const { pathname } = new URL(String(input))
    const type = new Headers(init?.headers).get('content-type')
    if (pathname === '/token') posted.push([typeof init?.body, type?.split(';')[0]])
    return fake.fetch(input, init)
  }
  const b = bench({ fetch: spy }, fake)
  await comeBack(b, (await begin(b)).answer)
  expect(posted).toEqual([['string', 'application/x-www-form-urlencoded']])
})

test('token() refreshes at an endpoint of its own where the preset names one', async () => {
  const fake = fakeProvider()
  const asked: string[] = []
  const spy: typeof fetch = (input, init) => {
    asked.push(String(input))
    return fake.fetch(String(input).replace('/refresh', '/token'), init)
  }
  const preset = fake.provider({ refreshEndpoint: 'https://fake.test/refresh' })
  const b = bench({ providers: { fake: preset }, fetch: spy }, fake)
  expect(await askToken(b, await staleJar(b))).toMatchObject({ tokenType: 'Bearer' })
  expect(asked).toEqual(['https://fake.test/refresh'])
})

/** The token requests of a login and of a refresh. */
async function requestsWith(clientAuth: 'basic' | 'post' | 'none'): Promise<Request[]> {
  const fake = fakeProvider({ clientAuth, clientId, clientSecret })
  const login: Bench = bench({}, fake)
  const { answer } = await begin(login)
  expect((await comeBack(login, answer)).status).toBe(303)
  const refresh = bench({}, fake)
  await askToken(refresh, await staleJar(refresh))
  expect(fake.tokenRequests.length).toBe(2)
  return fake.tokenRequests.map((request) => request.clone())
}

/** RFC 6749 section 2.3.1: id and secret are form-encoded before they are joined. */
function decoded(credentials: string): string[] {
  const parts = atob(credentials).split(':')
  return parts.map((part) => decodeURIComponent(part.replaceAll('+', ' ')))
}
