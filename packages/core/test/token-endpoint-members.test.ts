import { type FakeTamper, fakeProvider } from '@fetch-dance/testing'
import { DanceError, type Token } from 'fetch-dance'
import { expect, test } from 'vitest'
import { askToken, type Bench, begin, bench, comeBack, staleJar } from './support/bench.ts'
import { expectEnvelope } from './support/envelope.ts'
import { json } from './support/token-faults.ts'

const year = 365 * 24 * 3600

/** `expires_in` as it stands in the JSON, and the life that is kept: null for unknown. */
const lives: Record<string, { text: string | null; life: number | null }> = {
  absent: { text: null, life: null },
  '3600': { text: '3600', life: 3600 },
  '"3600"': { text: '"3600"', life: 3600 },
  '"3600abc"': { text: '"3600abc"', life: null },
  '"abc"': { text: '"abc"', life: null },
  '""': { text: '""', life: null },
  '" 7 "': { text: '" 7 "', life: null },
  '-1': { text: '-1', life: null },
  '0': { text: '0', life: null },
  '1e400': { text: '1e400', life: null },
  '"1e400"': { text: '"1e400"', life: null },
  '1e12': { text: '1e12', life: 10 * year },
  '12.5': { text: '12.5', life: 12 },
  null: { text: 'null', life: null },
  true: { text: 'true', life: null },
  '[3600]': { text: '[3600]', life: null },
  '{}': { text: '{}', life: null },
}

for (const [what, { text, life }] of Object.entries(lives)) {
  test(`token() knows how long a token lives: expires_in ${what} F-33T`, () =>
    atLoginAndRefresh(text === null ? '' : `"expires_in":${text}`, (token, began) => {
      if (life === null) return expect('expiresAt' in token).toBe(false)
      const end = token.expiresAt ?? 0
      expect(end - began - life >= 0 && end - began - life <= 2).toBe(true)
    }))
}

for (const text of ['""', 'null']) {
  test(`token() takes refresh_token ${text} for none, and keeps the one it has F-35T S10 [G8]`, async () => {
    const login = await tokenAtLogin(`"refresh_token":${text}`)
    expect('refreshToken' in login).toBe(false)
    const { before, token } = await tokenAtRefresh(`"refresh_token":${text}`)
    expect(token.refreshToken).toBe(before)
  })
}

test('token() discards the old refresh token for a new one S10', async () => {
  const { token } = await tokenAtRefresh('"refresh_token":"fresh-refresh"')
  expect(token.refreshToken).toBe('fresh-refresh')
})

const scopes: Record<string, string[]> = {
  '"a b"': ['a', 'b'],
  '"a,b"': ['a', 'b'],
  '" a  b,a "': ['a', 'b'],
  '"a\\tb\\nc"': ['a', 'b', 'c'],
}

for (const [text, expected] of Object.entries(scopes)) {
  test(`token() reads the scopes ${text} F-32T NX-07`, () =>
    atLoginAndRefresh(`"scope":${text}`, (token) => expect(token.scopes).toEqual(expected)))
}

test('token() takes a null scope for one that is not told F-32T NX-07', async () => {
  expect((await tokenAtLogin('"scope":null')).scopes).toEqual([])
})

const hostile: Record<string, string> = {
  __proto__: '"__proto__":{"polluted":1}',
  constructor: '"constructor":{"prototype":{"polluted":1}}',
  prototype: '"prototype":{"polluted":1}',
  'toString and valueOf': '"toString":"x","valueOf":"x","hasOwnProperty":"x"',
  '__proto__ deep inside': '"deep":{"deeper":[{"__proto__":{"polluted":1},"kept":1}]}',
}

for (const [what, members] of Object.entries(hostile)) {
  test(`token() is not polluted by ${what} F-36T`, () =>
    atLoginAndRefresh(members, (token) => {
      expect(Reflect.get({}, 'polluted')).toBe(undefined)
      expect(Reflect.get(token, 'polluted')).toBe(undefined)
      expect(JSON.stringify(token)).not.toContain('polluted')
      expect(token.accessToken).toBe('sent')
    }))
}

for (const depth of [100, 3000, 12_000]) {
  test(`callback() survives an answer that is ${depth} lists deep F-36T [G1]`, async () => {
    const b = bench()
    const { answer } = await begin(b)
    b.fake.fault(raw(`"deep":${'['.repeat(depth)}${']'.repeat(depth)}`))
    const response = await comeBack(b, answer)
    await expectEnvelope(response, b.fake.secrets())
    expect(response.status === 303 || b.errors[0]?.code === 'provider_bad_response').toBe(true)
  })
}

test('token() takes the last of two members of one name, as JSON does F-36T', () =>
  atLoginAndRefresh('"access_token":"last"', (token) => expect(token.accessToken).toBe('last')))

test('token() reads past a byte order mark F-36T', async () => {
  const b = bench()
  const { answer } = await begin(b)
  b.fake.fault({
    endpoint: 'token',
    body: `\ufeff{"access_token":"sent","token_type":"bearer"}`,
    headers: json(),
  })
  expect((await comeBack(b, answer)).status).toBe(303)
})

test('callback() refuses a token in invalid UTF-8 F-36T', async () => {
  const fake = fakeProvider()
  const octets = new TextEncoder().encode('{"access_token":"sent?","token_type":"bearer"}')
  octets[octets.indexOf(0x3f)] = 0xff
  const token: FakeTamper['token'] = () => new Response(octets, { headers: json() })
  fake.set({ tamper: { token } })
  const b = bench({}, fake)
  const { answer } = await begin(b)
  expect((await comeBack(b, answer)).status).toBe(502)
  expect(b.errors[0]?.code).toBe('provider_bad_response')
})

test('callback() keeps a token of 16 kB S9', async () => {
  const b = bench()
  const { answer } = await begin(b)
  b.fake.fault(raw(`"access_token":"${'t'.repeat(16_384)}"`))
  expect((await comeBack(b, answer)).status).toBe(303)
  expect(await askToken(b, b.jar)).toMatchObject({ accessToken: 't'.repeat(16_384) })
})

/** A token answer with further members, written as they are. */
function raw(members: string) {
  const body = `{"access_token":"sent","token_type":"bearer"${members === '' ? '' : `,${members}`}}`
  return { endpoint: 'token', body, headers: json() }
}

async function atLoginAndRefresh(
  members: string,
  check: (token: Token, began: number) => void,
): Promise<void> {
  const began = Math.floor(Date.now() / 1000)
  check(await tokenAtLogin(members), began)
  check((await tokenAtRefresh(members)).token, began)
}

async function tokenAtLogin(members: string): Promise<Token> {
  const b = bench()
  const { answer } = await begin(b)
  b.fake.fault(raw(members))
  await comeBack(b, answer)
  return tokenOf(b, b.jar)
}

async function tokenAtRefresh(members: string): Promise<{ before: string; token: Token }> {
  const b = bench()
  const jar = await staleJar(b)
  b.fake.fault(raw(members))
  const token = await tokenOf(b, jar)
  const sent = new URLSearchParams(await b.fake.tokenRequests[0]?.clone().text())
  return { before: sent.get('refresh_token') ?? '', token }
}

async function tokenOf(b: Bench, jar: Bench['jar']): Promise<Token> {
  const token = await askToken(b, jar)
  if (token instanceof DanceError) throw token
  return token
}
