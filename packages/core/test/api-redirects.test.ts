import { expect, test } from 'vitest'
import { scriptedApi, to } from './support/scripted-api.ts'

const base = 'https://fake.test/api'

test('fetch() follows five redirects, with the token at each hop of its own origin [G10]', async () => {
  const script = Object.fromEntries(
    [0, 1, 2, 3, 4].map((hop) => [`${base}/${hop}`, to(`/api/${hop + 1}`)]),
  )
  const api = await scriptedApi(script)
  const answer = await api.ask((connection) => connection.fetch('/0'))
  expect(await (answer as Response).text()).toBe('/api/5') // the API's answer
  expect(api.calls.length).toBe(6)
  for (const { bearer } of api.calls) expect(bearer).toMatch(/^access_/)
})

test('fetch() follows no sixth redirect [G10]', async () => {
  const api = await scriptedApi({ [`${base}/loop`]: to('/api/loop') })
  const error = await api.ask((connection) => connection.fetch('/loop'))
  expect(error).toMatchObject({ code: 'provider_bad_response' })
  expect(api.calls.length).toBe(6)
})

const foreign = [
  'https://evil.test/steal',
  '//evil.test/steal',
  'http://fake.test/api/steal',
  'https://fake.test:8443/api/steal',
  'https://api.fake.test/steal',
  'https://fake.test.evil.test/steal',
  'https://fake.test./api/steal',
  'https://127.0.0.1/steal',
]

for (const location of foreign) {
  test(`fetch() carries nothing of the connection's to ${location} NX-13 S11 [G10]`, async () => {
    const preset = { apiHeaders: { 'x-api-key': 'canary-key' } }
    const api = await scriptedApi({ [`${base}/away`]: to(location) }, { preset })
    await api.ask((connection) =>
      connection.fetch('/away', {
        headers: {
          cookie: 'a=1',
          dpop: 'proof',
          'proxy-authorization': 'Basic x',
          accept: 'text/plain',
        },
      }),
    )
    const [own, away] = api.calls
    expect(own?.bearer).toMatch(/^access_/)
    expect(own?.headers.get('x-api-key')).toBe('canary-key')
    expect(away?.url).toContain('/steal')
    for (const name of ['authorization', 'cookie', 'dpop', 'proxy-authorization', 'x-api-key']) {
      expect(away?.headers.has(name)).toBe(false)
    }
    expect(away?.headers.get('accept')).toBe('text/plain')
    expect(away?.url).not.toContain(own?.bearer ?? '')
  })
}

test('fetch() carries nothing once a redirect has left, also where it comes back [G10]', async () => {
  const api = await scriptedApi({
    [`${base}/away`]: to('https://evil.test/back'),
    'https://evil.test/back': to(`${base}/mine`),
  })
  await api.ask((connection) =>
    connection.fetch('/away', { headers: { authorization: 'Bearer own' } }),
  )
  const [, , back] = api.calls
  expect(back?.url).toBe(`${base}/mine`)
  expect(back?.headers.has('authorization')).toBe(false)
})

test('fetch() carries the token to another origin that the provider declares [G10]', async () => {
  const preset = { apiOrigins: ['https://fake.test', 'https://uploads.fake.test'] }
  const api = await scriptedApi({ [`${base}/up`]: to('https://uploads.fake.test/1') }, { preset })
  await api.ask((connection) => connection.fetch('/up'))
  expect(api.calls.map(({ bearer }) => bearer?.slice(0, 7))).toEqual(['access_', 'access_'])
})

const methods: [number, string, string, string][] = [
  [301, 'POST', 'GET', ''],
  [302, 'POST', 'GET', ''],
  [303, 'POST', 'GET', ''],
  [303, 'PUT', 'GET', ''],
  [301, 'PUT', 'PUT', 'body'],
  [302, 'DELETE', 'DELETE', 'body'],
  [307, 'POST', 'POST', 'body'],
  [308, 'PATCH', 'PATCH', 'body'],
]

for (const [status, before, after, body] of methods) {
  test(`fetch() follows ${status} of ${before} with ${after}, as the Fetch standard has it`, async () => {
    const api = await scriptedApi({ [`${base}/a`]: to('/api/b', status) })
    await api.ask((connection) =>
      connection.fetch('/a', {
        method: before,
        body: 'body',
        headers: { 'content-type': 'text/x' },
      }),
    )
    expect(api.calls[1]).toMatchObject({ method: after, body })
    expect(api.calls[1]?.headers.has('content-type')).toBe(body !== '')
  })
}

test('fetch() keeps HEAD through every redirect', async () => {
  for (const status of [301, 302, 303, 307, 308]) {
    const api = await scriptedApi({ [`${base}/a`]: to('/api/b', status) })
    await api.ask((connection) => connection.fetch('/a', { method: 'head' }))
    expect(api.calls.map(({ method }) => method)).toEqual(['HEAD', 'HEAD'])
  }
})

test('fetch() hands a redirect over where the caller follows them itself', async () => {
  const asked: [string | Request, RequestInit?][] = [
    ['/a', { redirect: 'manual' }],
    [new Request(`${base}/a`, { redirect: 'manual' })],
  ]
  for (const [input, init] of asked) {
    const api = await scriptedApi({ [`${base}/a`]: to('https://evil.test/') })
    expect(await api.ask((connection) => connection.fetch(input, init))).toMatchObject({
      status: 302,
    })
    expect(api.calls.length).toBe(1)
  }
})

test('fetch() refuses a redirect where the caller does', async () => {
  const api = await scriptedApi({ [`${base}/a`]: to('/api/b') })
  const error = await api.ask((connection) => connection.fetch('/a', { redirect: 'error' }))
  expect(error).toMatchObject({ code: 'provider_bad_response' })
  expect(api.calls.length).toBe(1)
})

test('fetch() follows no redirect to another protocol, or to nowhere [G10]', async () => {
  for (const location of [
    'javascript:alert(1)',
    'data:text/plain,x',
    'file:///etc/passwd',
    'ftp://fake.test/',
    'http://',
  ]) {
    const api = await scriptedApi({ [`${base}/a`]: to(location) })
    const error = await api.ask((connection) => connection.fetch('/a'))
    expect(error).toMatchObject({ code: 'provider_bad_response' })
    expect(api.calls.length).toBe(1)
  }
})

test('fetch() hands over what only looks like a redirect', async () => {
  for (const [status, headers] of [
    [302, {}],
    [300, { location: '/api/b' }],
    [201, { location: '/api/b' }],
    [304, { location: '/api/b' }],
  ] as const) {
    const api = await scriptedApi({ [`${base}/a`]: () => new Response(null, { status, headers }) })
    expect(await api.ask((connection) => connection.fetch('/a'))).toMatchObject({ status })
    expect(api.calls.length).toBe(1)
  }
})

test('fetch() asks the app about the address of every hop [G10]', async () => {
  const allow = (url: URL) => !url.hostname.startsWith('169.')
  const script = { [`${base}/a`]: to('http://169.254.169.254/latest') }
  const api = await scriptedApi(script, { options: { allow } })
  const error = await api.ask((connection) => connection.fetch('/a'))
  expect(error).toMatchObject({ code: 'address_refused' })
  expect(api.calls.length).toBe(1)
})

test('fetch() does not send a stream a second time: the redirect is the caller’s', async () => {
  const api = await scriptedApi({ [`${base}/a`]: to('/api/b', 307) })
  const answer = await api.ask((connection) =>
    connection.fetch('/a', { method: 'POST', body: new Blob(['stream']).stream() }),
  )
  expect(answer).toMatchObject({ status: 307 })
  expect(api.calls.map(({ body }) => body)).toEqual(['stream'])
})
