import { expect, test } from 'vitest'
import { type Script, scriptedApi, to } from './support/scripted-api.ts'

const base = 'https://fake.test/api'
const denied = (challenge = 'Bearer error="invalid_token"') =>
  new Response('denied', { status: 401, headers: { 'www-authenticate': challenge } })

/** Refuses the first so many calls to /a. */
function refusing(times: number): Script {
  let left = times
  return { [`${base}/a`]: () => (left-- > 0 ? denied() : new Response('welcome')) }
}

test('fetch() refreshes a token that the API refuses and asks once more S25 S31 NX-11', async () => {
  const api = await scriptedApi(refusing(1))
  const answer = await api.ask((connection) => connection.fetch('/a'))
  expect(await (answer as Response).text()).toBe('welcome') // the API's answer
  const [first, second] = api.calls
  expect(api.calls.length).toBe(2)
  expect(second?.bearer).not.toBe(first?.bearer)
  expect(api.fake.tokenRequests.length).toBe(1)
})

test('fetch() refreshes once and asks once more, never in a loop S25 NX-11', async () => {
  const api = await scriptedApi(refusing(9))
  const answer = await api.ask((connection) => connection.fetch('/a'))
  expect(answer).toMatchObject({ status: 401 })
  expect(await (answer as Response).text()).toBe('denied') // the API's own answer, unread
  expect(api.calls.length).toBe(2)
  expect(api.fake.tokenRequests.length).toBe(1)
})

test('fetch() asks once more with the method, the body and the headers of the call S25', async () => {
  const api = await scriptedApi(refusing(1))
  await api.ask((connection) =>
    connection.fetch('/a', {
      method: 'PATCH',
      body: 'twice',
      headers: { 'content-type': 'text/x', 'x-mine': '1' },
    }),
  )
  for (const { method, body, headers } of api.calls) {
    expect([method, body, headers.get('content-type'), headers.get('x-mine')]).toEqual([
      'PATCH',
      'twice',
      'text/x',
      '1',
    ])
  }
  expect(api.calls.length).toBe(2)
})

test('fetch() refreshes each time the API refuses, with the token that came last: refresh-token-test S25', async () => {
  const refused = new Set<string | null>()
  const script: Script = {
    [`${base}/a`]: ({ bearer }) => (refused.has(bearer) ? denied() : new Response('welcome')),
  }
  const api = await scriptedApi(script, { rotation: 'strict' })
  for (let round = 0; round < 3; round++) {
    refused.add(api.calls.at(-1)?.bearer ?? null)
    expect(await api.ask((connection) => connection.fetch('/a'))).toMatchObject({ status: 200 })
  }
  expect(api.fake.tokenRequests.length).toBe(2)
  expect(api.fake.grants).toBe(1)
})

test('fetch() does not send a stream a second time: the answer is the API’s S25', async () => {
  const calls: [string | Request, RequestInit?][] = [
    ['/a', { method: 'POST', body: new Blob(['once']).stream() }],
    [new Request(`${base}/a`, { method: 'POST', body: 'once' })],
  ]
  for (const call of calls) {
    const api = await scriptedApi(refusing(1))
    const answer = await api.ask((connection) => connection.fetch(...call))
    expect(answer).toMatchObject({ status: 401 })
    expect(api.calls.map(({ body }) => body)).toEqual(['once'])
  }
})

test('fetch() answers the API’s own 401 while the provider cannot refresh S25', async () => {
  for (const fault of [{ status: 503 }, { networkError: true }, { status: 429 }]) {
    const api = await scriptedApi(refusing(1))
    api.fake.fault({ endpoint: 'token', ...fault })
    const answer = await api.ask((connection) => connection.fetch('/a'))
    expect(await (answer as Response).text()).toBe('denied') // the API's own answer, unread
    expect(api.calls.length).toBe(1)
  }
})

test('fetch() needs a login where the provider refuses the refresh S25', async () => {
  const api = await scriptedApi(refusing(1))
  api.fake.fault({ endpoint: 'token', status: 400 })
  const error = await api.ask((connection) => connection.fetch('/a'))
  expect(error).toMatchObject({ code: 'login_required', status: 401 })
  expect(api.calls.length).toBe(1)
})

test('fetch() spends no refresh token on the 401 of another host that a redirect led to NX-13 [G10]', async () => {
  const api = await scriptedApi({
    [`${base}/file`]: to('https://files.test/1'),
    'https://files.test/1': () => denied(),
  })
  expect(await api.ask((connection) => connection.fetch('/file'))).toMatchObject({ status: 401 })
  expect(api.calls.length).toBe(2)
  expect(api.fake.tokenRequests.length).toBe(0)
})

test('fetch() spends no refresh token on the 401 of a host that is not the provider’s NX-13 [G10]', async () => {
  const api = await scriptedApi({ 'https://elsewhere.test/': () => denied() })
  const answer = await api.ask((connection) => connection.fetch('https://elsewhere.test/'))
  expect(answer).toMatchObject({ status: 401 })
  expect(api.fake.tokenRequests.length).toBe(0)
  expect(api.calls.map(({ bearer }) => bearer)).toEqual([null])
})

test('fetch() asks for consent, and refreshes nothing, where a scope is missing S25', async () => {
  const challenges: Record<string, string[]> = {
    'Bearer error="insufficient_scope", scope="repo user"': ['repo', 'user'],
    'Bearer realm="x", error="insufficient_scope"': [],
    'bearer error=insufficient_scope': [],
    'DPoP algs="ES256", Bearer error="insufficient_scope", scope="repo"': ['repo'],
  }
  for (const [challenge, scopes] of Object.entries(challenges)) {
    const headers = { 'www-authenticate': challenge }
    const api = await scriptedApi({
      [`${base}/a`]: () => new Response(null, { status: 403, headers }),
    })
    const error = await api.ask((connection) => connection.fetch('/a'))
    expect(error).toMatchObject({ code: 'scope_required', status: 403, scopes })
    expect(api.calls.length).toBe(1)
    expect(api.fake.tokenRequests.length).toBe(0)
  }
})

test('fetch() hands over a 403 that asks for no scope, and one of another host S25', async () => {
  const headers = { 'www-authenticate': 'Bearer error="insufficient_scope", scope="everything"' }
  const api = await scriptedApi({
    [`${base}/a`]: () => new Response(null, { status: 403 }),
    [`${base}/file`]: to('https://files.test/1'),
    'https://files.test/1': () => new Response(null, { status: 403, headers }),
  })
  for (const path of ['/a', '/file', 'https://files.test/1']) {
    const answer = await api.ask((connection) => connection.fetch(path))
    expect(answer instanceof Response && answer.status).toBe(403)
  }
})

test('fetch() ends with the caller’s own signal', async () => {
  const api = await scriptedApi()
  const reason = new Error('enough')
  const stopped = AbortSignal.abort(reason)
  expect(await api.ask((connection) => connection.fetch('/a', { signal: stopped }))).toBe(reason)
  const request = new Request(`${base}/a`, { signal: stopped })
  expect(await api.ask((connection) => connection.fetch(request))).toBe(reason)
  expect(api.calls).toEqual([])
})

test('fetch() says that the API is out of reach, without a word of the request [G11]', async () => {
  const api = await scriptedApi({
    [`${base}/a`]: ({ bearer }) => {
      throw new TypeError(`cannot send ${bearer}`)
    },
  })
  const error = await api.ask((connection) => connection.fetch('/a'))
  expect(error).toMatchObject({ code: 'provider_unreachable', cause: { name: 'TypeError' } })
  expect(String((error as Error).stack)).not.toContain('access_') // an error, by the line before
})
