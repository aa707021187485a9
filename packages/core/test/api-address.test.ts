import { expect, test } from 'vitest'
import { scriptedApi } from './support/scripted-api.ts'

const joined: Record<string, string> = {
  '/user': 'https://fake.test/api/v1/user',
  user: 'https://fake.test/api/v1/user',
  '': 'https://fake.test/api/v1/',
  '/': 'https://fake.test/api/v1/',
  '/search?q=a b&p=1': 'https://fake.test/api/v1/search?q=a%20b&p=1',
  '//evil.test/x': 'https://fake.test/api/v1//evil.test/x',
  '///evil.test/x': 'https://fake.test/api/v1///evil.test/x',
  '/\\evil.test/x': 'https://fake.test/api/v1//evil.test/x',
  '\\\\evil.test\\x': 'https://fake.test/api/v1///evil.test/x',
  '@evil.test/x': 'https://fake.test/api/v1/@evil.test/x',
  '.evil.test/x': 'https://fake.test/api/v1/.evil.test/x',
  '/.//evil.test': 'https://fake.test/api/v1//evil.test',
  '/../v2/user': 'https://fake.test/api/v2/user',
  '/../../../..//evil.test/x': 'https://fake.test//evil.test/x',
  '/%2e%2e/%2e%2e//evil.test': 'https://fake.test//evil.test',
  '/a\tb\nc': 'https://fake.test/api/v1/abc',
}

for (const [input, url] of Object.entries(joined)) {
  test(`fetch(${JSON.stringify(input)}) stays with the provider and carries the token NX-13 [G10]`, async () => {
    for (const apiBase of ['https://fake.test/api/v1', 'https://fake.test/api/v1/']) {
      const api = await scriptedApi({}, { preset: { apiBase } })
      await api.ask((connection) => connection.fetch(input))
      expect(api.calls.map((call) => call.url)).toEqual([url])
      expect(api.calls[0]?.bearer).toMatch(/^access_/)
    }
  })
}

test('fetch() never leaves an apiBase without a path [G10]', async () => {
  const api = await scriptedApi({}, { preset: { apiBase: 'https://fake.test' } })
  for (const input of [
    '@evil.test',
    '.evil.test',
    ':8443/x',
    '//evil.test',
    '\\\\evil.test',
    '-evil.test',
  ]) {
    await api.ask((connection) => connection.fetch(input))
  }
  for (const { url } of api.calls) expect(new URL(url).origin).toBe('https://fake.test')
  expect(api.calls.length).toBe(6)
})

const own = [
  'https://fake.test/other',
  'https://FAKE.TEST/other',
  'https://fake.test:443/other',
  'HTTPS://fake.test/other',
]

for (const input of own) {
  test(`fetch(${JSON.stringify(input)}) carries the token: it is the provider's origin [G10]`, async () => {
    const api = await scriptedApi()
    await api.ask((connection) => connection.fetch(input))
    await api.ask((connection) => connection.fetch(new URL(input)))
    await api.ask((connection) => connection.fetch(new Request(input)))
    expect(api.calls.map(({ bearer }) => bearer?.slice(0, 7))).toEqual(Array(3).fill('access_'))
  })
}

const foreign = [
  'https://evil.test/api',
  'http://fake.test/api',
  'https://fake.test:8443/api',
  'https://api.fake.test/',
  'https://fake.test.evil.test/',
  'https://fake.test./',
  'https://fake.testevil.test/',
  'https://evil.test/https://fake.test/',
  'https://evil.test#@fake.test/',
  'https://evil.test?fake.test',
  'https:evil.test/x',
]

for (const input of foreign) {
  test(`fetch(${JSON.stringify(input)}) carries no credentials NX-13 [G10]`, async () => {
    const api = await scriptedApi({}, { preset: { apiHeaders: { 'x-api-key': 'canary' } } })
    await api.ask((connection) => connection.fetch(input))
    await api.ask((connection) => connection.fetch(new Request(input)))
    expect(api.calls.length).toBe(2)
    for (const { headers } of api.calls) {
      expect(headers.has('authorization') || headers.has('x-api-key')).toBe(false)
    }
    expect(api.fake.tokenRequests.length).toBe(0)
  })
}

test('fetch() sends no credentials to an address with credentials of its own [G10]', async () => {
  const api = await scriptedApi()
  await api.ask((connection) => connection.fetch('https://user:password@fake.test/api'))
  for (const { bearer } of api.calls) expect(bearer).toBe(null)
})

test('fetch() takes the origins a provider declares, and no others [G10]', async () => {
  const preset = { apiOrigins: ['https://uploads.fake.test'] }
  const api = await scriptedApi({}, { preset })
  await api.ask((connection) => connection.fetch('https://uploads.fake.test/1'))
  await api.ask((connection) => connection.fetch('https://fake.test/api/1'))
  expect(api.calls.map(({ bearer }) => bearer !== null)).toEqual([true, false])
})

test('fetch() puts the connection’s credentials over the caller’s, and beside the caller’s headers', async () => {
  const preset = { apiHeaders: { accept: 'application/vnd.fake+json', 'x-version': '1' } }
  const api = await scriptedApi({}, { preset })
  const headers = { authorization: 'Bearer mine', accept: 'text/plain' }
  await api.ask((connection) => connection.fetch('/a', { headers }))
  const [call] = api.calls
  expect(call?.bearer).toMatch(/^access_/)
  expect(call?.headers.get('accept')).toBe('text/plain')
  expect(call?.headers.get('x-version')).toBe('1')
})

test('fetch() leaves a caller’s own credentials for another host alone', async () => {
  const api = await scriptedApi()
  const headers = { authorization: 'Bearer mine' }
  await api.ask((connection) => connection.fetch('https://elsewhere.test/', { headers }))
  expect(api.calls[0]?.bearer).toBe('mine')
})

test('fetch() takes a Request with its method, headers and body, changed by the second argument', async () => {
  const api = await scriptedApi()
  const request = () =>
    new Request('https://fake.test/api/a', { method: 'PUT', body: 'one', headers: { 'x-a': '1' } })
  await api.ask((connection) => connection.fetch(request()))
  await api.ask((connection) =>
    connection.fetch(request(), { method: 'POST', body: 'two', headers: { 'x-b': '2' } }),
  )
  const [first, second] = api.calls
  expect([first?.method, first?.body, first?.headers.get('x-a')]).toEqual(['PUT', 'one', '1'])
  expect([
    second?.method,
    second?.body,
    second?.headers.get('x-a'),
    second?.headers.get('x-b'),
  ]).toEqual(['POST', 'two', null, '2'])
})

test('fetch() names the missing option where a path has nothing to be joined to', async () => {
  const api = await scriptedApi({}, { preset: { apiBase: 'https://fake.test' } })
  const { oauth2Provider } = await import('fetch-dance')
  const facts = {
    id: 'fake',
    authorizationEndpoint: 'https://fake.test/a',
    tokenEndpoint: 'https://fake.test/token',
  }
  const bare = oauth2Provider({ ...facts, clientId: 'fake-client', clientSecret: 'x' })
  const without = await scriptedApi({}, { options: { providers: { fake: bare } } })
  expect(await without.ask((connection) => connection.fetch('/user'))).toMatchObject({
    code: 'option_invalid',
    message: expect.stringContaining('apiBase'),
  })
  expect(without.calls.length + api.calls.length).toBe(0)
})
