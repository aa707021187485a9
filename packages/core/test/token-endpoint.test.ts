import { fakeProvider } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import {
  type Bench,
  begin,
  bench,
  comeBack,
  expectRefused,
  patienceFor,
  storedIn,
} from './support/bench.ts'
import { dump } from './support/dump.ts'
import { expectClean, expectEnvelope } from './support/envelope.ts'
import { planted, tokenFaults } from './support/token-faults.ts'

for (const [what, { fault, code, status, cause }] of Object.entries(tokenFaults)) {
  test(`callback() ends a login where the token endpoint answers ${what} [G5]`, async () => {
    const b = bench()
    const { answer } = await begin(b)
    b.fake.fault({ endpoint: 'token', ...fault })
    const page = await expectRefused(b, answer, { code, status, tokenRequests: 1 })
    expectClean(page + b.said() + dump(b.errors), [planted])
    if (cause) expect(b.errors[0]?.cause).toMatchObject(cause)
    expect(b.fake.requests.elsewhere.length).toBe(0)
    // the flow is spent: a code is not sent twice
    await expectRefused(b, answer, { code: 'flow_missing', status: 400, tokenRequests: 1 })
  })
}

const silences = {
  'never answers': { hang: true },
  'answers an octet every 40 ms': { drip: 40 },
  'answers late': { delay: 800 },
} as const

for (const [what, fault] of Object.entries(silences)) {
  test(`callback() waits no longer than its timeout for a token endpoint that ${what} F-38T NX-06 [G1] [G5]`, async () => {
    const b = bench({ timeout: 200 })
    const { answer } = await begin(b)
    b.fake.fault({ endpoint: 'token', ...fault })
    const began = Date.now()
    await expectRefused(b, answer, { code: 'provider_timeout', status: 504, tokenRequests: 1 })
    expect(Date.now() - began < 3 * 200).toBe(true)
  })
}

test('callback() waits no longer for a fetch that ignores its signal F-38T [G5]', async () => {
  const fake = fakeProvider()
  const deaf: typeof fetch = (input, init) =>
    String(input).endsWith('/token') ? new Promise(() => {}) : fake.fetch(input, init)
  const b = bench({ timeout: 200, fetch: deaf }, fake)
  const { answer } = await begin(b)
  await expectRefused(b, answer, { code: 'provider_timeout', status: 504 })
})

test('callback() gives a body without an end up at its cap F-37T [G5]', async () => {
  const fake = fakeProvider()
  let sent = 0
  let cancelled = false
  const endless = () =>
    new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1024
        controller.enqueue(new Uint8Array(1024).fill(0x20))
      },
      cancel() {
        cancelled = true
      },
    })
  const headers = { 'content-type': 'application/json' }
  const b = bench(
    {
      fetch: async (input: string, init: RequestInit) =>
        String(input).endsWith('/token')
          ? new Response(endless(), { headers })
          : fake.fetch(input, init),
    },
    fake,
  )
  const { answer } = await begin(b)
  await expectRefused(b, answer, { code: 'provider_bad_response', status: 502 })
  expect(sent <= 80_000).toBe(true)
  expect(cancelled).toBe(true)
})

test('callback() tells when to come back, at most two minutes F-40T', async () => {
  const inAMinute = new Date(Date.now() + 60_000).toUTCString()
  const waits: Record<string, RegExp> = {
    '7': /^7$/,
    [inAMinute]: /^(5[89]|6[01])$/,
    '1000000000': /^120$/,
    soon: /^none$/,
    '-5': /^none$/,
    '': /^none$/,
  }
  for (const [given, expected] of Object.entries(waits)) {
    const b = bench()
    const response = await answered(b, { status: 429, headers: { 'retry-after': given } })
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after') ?? 'none').toMatch(expected)
  }
})

test('callback() does not send a code again after a connection broke F-42T', async () => {
  const b = bench()
  const { answer } = await begin(b)
  b.fake.fault({ endpoint: 'token', networkError: true, afterwards: true })
  await expectRefused(b, answer, { code: 'provider_unreachable', status: 502, tokenRequests: 1 })
  await expectRefused(b, answer, { code: 'flow_missing', status: 400, tokenRequests: 1 })
})

test('callback() never repeats what a provider repeats of the request F-34T [G11]', async () => {
  const fake = fakeProvider()
  const echoing: typeof fetch = async (input, init) => {
    if (!String(input).endsWith('/token')) return fake.fetch(input, init)
    const form = new URLSearchParams(await new Request(input, init).text())
    await fake.fetch(input, init)
    const error_description = `bad code ${form.get('code')} for ${form.get('code_verifier')}`
    return Response.json({ error: 'invalid_request', error_description }, { status: 400 })
  }
  const b = bench({ fetch: echoing }, fake)
  const { answer } = await begin(b)
  await expectRefused(b, answer, { code: 'provider_error', status: 502, tokenRequests: 1 })
  expect(b.errors[0]?.cause).toMatchObject({ error_description: 'bad code (secret) for (secret)' })
})

test('callback() keeps an error of the provider short and printable F-41', async () => {
  const b = bench()
  const error_description = `<script>alert(1)</script>\r\nSet-Cookie: a=b\u202e${'x'.repeat(100_00)}`
  const response = await answered(b, {
    status: 400,
    body: { error: 'oops\n', error_description, error_uri: 'javascript:alert(1)' },
  })
  const page = await expectEnvelope(response)
  expect(page).not.toContain('script')
  expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'/)
  expect(b.errors[0]?.cause).toEqual({
    error: 'oops',
    error_description: expect.stringMatching(/^[\x20-\x7e]{500}$/),
    error_uri: 'javascript:alert(1)',
    status: 400,
  })
  expect(await storedIn(b)).toEqual([])
})

test('callback() tells each failure of the token endpoint once, by its own code NX-06', async () => {
  const json = { 'content-type': 'application/json' }
  const faults = [
    { status: 400 },
    { status: 500, body: 'oops' },
    { body: {} },
    { body: { error: 'oops' } },
    { body: '<html>', headers: json },
    { hang: true },
    { networkError: true },
  ]
  const codes = []
  for (const fault of faults) {
    const b = bench(patienceFor(fault))
    await answered(b, fault)
    codes.push(...b.errors.map(({ code }) => code))
    expect(await storedIn(b)).toEqual([])
  }
  expect(codes).toEqual([
    'grant_refused',
    'provider_unavailable',
    'token_missing',
    'provider_error',
    'provider_bad_response',
    'provider_timeout',
    'provider_unreachable',
  ])
})

async function answered(b: Bench, fault: object): Promise<Response> {
  const { answer } = await begin(b)
  b.fake.fault({ endpoint: 'token', ...fault })
  return comeBack(b, answer)
}
