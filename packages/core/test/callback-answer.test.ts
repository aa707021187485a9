import { cookieJar, fakeProvider } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { begin, bench, comeBack, expectRefused, storedIn } from './support/bench.ts'
import { expectEnvelope } from './support/envelope.ts'

test('callback() makes nothing of an error that carries no state of ours F-08 [G2]', async () => {
  const b = bench()
  await begin(b)
  const answer = 'https://app.test/login/fake/callback?error=access_denied'
  await expectRefused(b, answer, { code: 'state_missing', status: 400 })
  await expectRefused(b, `${answer}&state=forged`, { code: 'state_mismatch', status: 400 })
  await expectRefused(
    b,
    `${answer}&state=forged`,
    { code: 'flow_missing', status: 400 },
    { jar: cookieJar() },
  )
})

test('callback() closes a declined flow, tells it once and shows the page F-09 A-16 [G2]', async () => {
  const fake = fakeProvider({ consent: 'deny' })
  const b = bench({}, fake)
  const { answer } = await begin(b, '/login/fake?returnTo=/album')
  await expectRefused(b, answer, { code: 'access_denied', status: 403 })
  expect(b.jar.cookies()).toEqual([])
  expect(b.errors[0]?.cause).toEqual({
    error: 'access_denied',
    error_description: 'The person said no',
  })
  await expectRefused(b, answer, { code: 'flow_missing', status: 400 })
})

test('callback() sends a declined visitor to redirects.error with a fixed code F-09 A-16 [G2]', async () => {
  const fake = fakeProvider({ consent: 'deny' })
  const b = bench({ redirects: { error: '/sorry?from=dance#top' } }, fake)
  const { answer } = await begin(b)
  const response = await comeBack(b, answer)
  await expectEnvelope(response, fake.secrets())
  expect(response.status).toBe(303)
  expect(response.headers.get('location')).toBe(
    '/sorry?from=dance&error=access_denied&provider=fake#top',
  )
  expect(b.errors.map(({ code }) => code)).toEqual(['access_denied'])
  const forged = await comeBack(b, answer) // its state is nobody's now: no redirect
  expect(forged.status).toBe(400)
})

test('callback() takes "denied" for a refusal too F-94 A-16 [G2]', async () => {
  const b = bench()
  const { answer } = await begin(b)
  answer.searchParams.delete('code')
  answer.searchParams.set('denied', 'request-token')
  await expectRefused(b, answer, { code: 'access_denied', status: 403 })
})

test('callback() exchanges no code that comes with an error F-10 [G2]', async () => {
  const b = bench()
  for (const [error, code, status] of [
    ['access_denied', 'access_denied', 403],
    ['server_error', 'provider_error', 502],
  ] as const) {
    const { answer } = await begin(b)
    answer.searchParams.set('error', error)
    await expectRefused(b, answer, { code, status })
  }
})

const malformed: Record<string, (query: URLSearchParams, code: string) => void> = {
  'no code': (query) => query.delete('code'),
  'an empty code': (query) => query.set('code', ''),
  'the code twice': (query, code) => query.append('code', code),
  'two codes': (query) => query.append('code', 'another'),
  'a code in brackets': (query, code) => {
    query.delete('code')
    query.set('code[]', code)
  },
  'the state twice': (query) => query.append('state', query.get('state') ?? ''),
  'iss twice': (query) => {
    query.append('iss', 'https://fake.test')
    query.append('iss', 'https://evil.test')
  },
  'an error twice': (query) => {
    query.append('error', 'access_denied')
    query.append('error', 'server_error')
  },
}

for (const [what, spoil] of Object.entries(malformed)) {
  test(`callback() refuses an answer with ${what} F-11 F-12 CVE-2022-35924 [G2]`, async () => {
    const b = bench()
    const { answer } = await begin(b)
    const spoilt = new URL(answer)
    spoil(spoilt.searchParams, answer.searchParams.get('code') ?? '')
    await expectRefused(b, spoilt, { code: 'callback_invalid', status: 400 })
    expect((await comeBack(b, answer)).status).toBe(303) // and the flow was not spent
  })
}

test('callback() refuses a state in brackets F-11 CVE-2022-35924 [G2]', async () => {
  const b = bench()
  const { answer } = await begin(b)
  const state = answer.searchParams.get('state') ?? ''
  answer.searchParams.delete('state')
  answer.searchParams.set('state[0]', state)
  await expectRefused(b, answer, { code: 'state_missing', status: 400 })
})

test('callback() sends an injected code with the verifier of its own flow, and fails F-13 S5 [G3]', async () => {
  const b = bench()
  const attacker = await begin({ ...b, jar: cookieJar() })
  const { answer } = await begin(b)
  answer.searchParams.set('code', attacker.answer.searchParams.get('code') ?? '')
  await expectRefused(b, answer, { code: 'grant_refused', status: 400, tokenRequests: 1 })
  expect(b.fake.grants).toBe(0)
})

test('callback() takes no token from the address, whatever else stands there S7 S9 [G2]', async () => {
  const b = bench()
  const { answer } = await begin(b)
  const planted = {
    access_token: 'planted',
    token: 'planted',
    id_token: 'planted',
    response: 'planted',
    token_type: 'bearer',
  }
  for (const [name, value] of Object.entries(planted)) answer.searchParams.set(name, value)
  answer.searchParams.set('session_state', 'a.b')
  const response = await comeBack(b, answer)
  expect(b.errors).toEqual([])
  expect(response.status).toBe(303)
  expect(b.fake.tokenRequests.length).toBe(1)
})

test('callback() stores nothing for an access token without a code S7 [G2]', async () => {
  const b = bench()
  const { answer } = await begin(b)
  answer.searchParams.delete('code')
  answer.searchParams.set('access_token', 'planted')
  await expectRefused(b, answer, { code: 'callback_invalid', status: 400 })
})

test('callback() takes a code of 8 kB S9', async () => {
  const fake = fakeProvider()
  const b = bench({}, fake)
  const { answer } = await begin(b)
  answer.searchParams.set('code', 'c'.repeat(8192))
  await comeBack(b, answer)
  const body = await fake.tokenRequests[0]?.clone().text()
  expect(new URLSearchParams(body).get('code')?.length).toBe(8192)
  expect(await storedIn(b)).toEqual([])
})
