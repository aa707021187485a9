import { fakeProvider, type IdTokenParts } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { askToken, begin, bench, comeBack, expectRefused, staleJar } from './support/bench.ts'
import {
  claimFaults,
  clientSecret,
  type Spoil,
  signatureFaults,
} from './support/id-token-faults.ts'
import { rawIdToken } from './support/raw-id-token.ts'

/** What is wrong with claims does not depend on the signature, and an RSA key takes a while to make. */
const fast = { algorithm: 'ES256' } as const

for (const [what, spoil] of Object.entries(claimFaults)) {
  test(`callback() refuses an id_token: ${what} F-24 S16 NX-18 [G4]`, () =>
    expectLoginRefused(spoil, fast))

  test(`token() refuses a refreshed id_token: ${what} F-24 S17 [G4]`, () =>
    expectRefreshRefused(spoil, fast))
}

for (const [what, spoil] of Object.entries(signatureFaults)) {
  test(`callback() refuses an id_token: ${what} F-23 F-25 NX-18 [G4]`, () =>
    expectLoginRefused(spoil))

  test(`token() refuses a refreshed id_token: ${what} F-23 F-25 [G4]`, () =>
    expectRefreshRefused(spoil))
}

test('token() refuses a refreshed id_token of another account: refresh-token-invalid-sub S17 [G4]', () =>
  expectRefreshRefused((parts) => ({ ...parts, claims: { ...parts.claims, sub: 'another' } })))

test('token() refuses a refreshed id_token of another issuer: refresh-token-invalid-issuer S17 [G4]', () =>
  expectRefreshRefused((parts) => ({
    ...parts,
    claims: { ...parts.claims, iss: 'https://evil.test' },
  })))

const nonceFaults: Record<string, (nonce: unknown) => unknown> = {
  'nonce-invalid': () => 'another',
  'invalid-missing-nonce': () => undefined,
  'nonce in a list': (nonce) => [nonce],
  'nonce with a blank': (nonce) => `${nonce} `,
}

for (const [what, change] of Object.entries(nonceFaults)) {
  test(`callback() refuses an id_token: ${what} F-24 NX-18 [G4]`, () =>
    expectLoginRefused(
      (parts) => ({
        ...parts,
        claims: { ...parts.claims, nonce: change(parts.claims['nonce']) },
      }),
      fast,
    ))
}

test('callback() refuses a nonce that it did not send F-24 [G4]', async () => {
  const fake = lying((parts) => ({ ...parts, claims: { ...parts.claims, nonce: 'unasked' } }))
  const b = bench({ providers: { fake: fake.provider({ idToken: { nonce: false } }) } }, fake)
  const { authorize, answer } = await begin(b)
  expect(authorize.searchParams.has('nonce')).toBe(false)
  await expectRefused(b, answer, { code: 'id_token_invalid', status: 502, tokenRequests: 1 })
})

const notTokens: Record<string, unknown> = {
  absent: undefined,
  null: null,
  'a number': 7,
  'an object': {},
  empty: '',
  'a word': 'token',
  'two parts': 'e30.e30',
  'five parts, as encrypted ones have CVE-2024-28176': 'a.b.c.d.e',
  'parts that are no base64url': '*.*.*',
  'parts that are no JSON': 'e.e.e',
  'parts that are no objects': 'W10.W10.AA',
}

for (const [what, idToken] of Object.entries(notTokens)) {
  test(`callback() refuses an id_token that is ${what} F-24 NX-18 [G4]`, async () => {
    const token = (body: Record<string, unknown>) => ({ ...body, id_token: idToken })
    const fake = fakeProvider({ oidc: true, ...fast, tamper: { token } })
    const b = bench({}, fake)
    const { answer } = await begin(b)
    await expectRefused(b, answer, { code: 'id_token_invalid', status: 502, tokenRequests: 1 })
  })
}

test('callback() refuses a broken signature by ES256 and PS256 too: invalid-sig-es256 F-25 [G4]', async () => {
  for (const algorithm of ['ES256', 'PS256'] as const) {
    await expectLoginRefused((parts) => ({ ...parts, signature: 'broken' }), { algorithm })
  }
})

test('callback() takes no algorithm from the token where the key names none CVE-2026-22817 F-23 [G4]', async () => {
  const spoil = signatureFaults['HS256 with the public key as JWK']
  const fake = fakeProvider({ oidc: true })
  const bare = (set: { keys: object[] }) => ({
    keys: set.keys.map((key) => ({ ...key, alg: undefined })),
  })
  const idToken = (parts: IdTokenParts) => spoil?.(parts, fake) ?? parts
  fake.set({ tamper: { idToken, jwks: bare } })
  const b = bench({}, fake)
  const { answer } = await begin(b)
  await expectRefused(b, answer, { code: 'id_token_invalid', status: 502, tokenRequests: 1 })
})

/** What the faults below differ from. */
const good = '"exp":4070908800,"iat":1760000000'
const rawClaims = {
  'exp: 1e400': '"exp":1e400,"iat":1760000000',
  'exp: -1e400': '"exp":-1e400,"iat":1760000000',
  'exp: NaN': '"exp":NaN,"iat":1760000000',
  'iat: 1e400': '"exp":4070908800,"iat":1e400',
  'nbf: 1e400': '"exp":4070908800,"iat":1760000000,"nbf":1e400',
}

for (const [what, times] of Object.entries({ 'as it should be': good, ...rawClaims })) {
  test(`callback() takes the times of an id_token for what they are, ${what} F-24 [G4]`, async () => {
    const payload = `{"iss":"https://fake.test","aud":"fake-client","sub":"1",${times}}`
    const { jwk, token } = await rawIdToken(payload)
    const tamper = { jwks: () => ({ keys: [jwk] }), idToken: () => token }
    const fake = fakeProvider({ oidc: true, tamper })
    const b = bench({ providers: { fake: fake.provider({ idToken: { nonce: false } }) } }, fake)
    const { answer } = await begin(b)
    if (times === good) expect((await comeBack(b, answer)).status).toBe(303)
    else await expectRefused(b, answer, { code: 'id_token_invalid', status: 502, tokenRequests: 1 })
  })
}

function lying(spoil: Spoil, o: object = {}) {
  const fake = fakeProvider({ oidc: true, clientSecret, ...o })
  const idToken = (parts: IdTokenParts) => spoil(parts, fake)
  // Promise<IdTokenParts> does not occur: a spoilt token that needs time is signed already
  fake.set({ tamper: { idToken } })
  return fake
}

async function expectLoginRefused(spoil: Spoil, o: object = {}): Promise<void> {
  const fake = lying(spoil, o)
  const b = bench({}, fake)
  const { answer } = await begin(b)
  await expectRefused(b, answer, { code: 'id_token_invalid', status: 502, tokenRequests: 1 })
  // nobody was asked who it is, and no address in the token was followed
  expect(fake.requests.userinfo.length + fake.requests.elsewhere.length).toBe(0)
  expect(fake.requests.jwks.length <= 2).toBe(true)
}

async function expectRefreshRefused(spoil: Spoil, o: object = {}): Promise<void> {
  const fake = fakeProvider({ oidc: true, clientSecret, ...o })
  const b = bench({}, fake)
  const jar = await staleJar(b)
  fake.set({ tamper: { idToken: (parts) => spoil(parts, fake) } })
  expect(await askToken(b, jar)).toMatchObject({ code: 'id_token_invalid', phase: 'refresh' })
  expect(fake.requests.elsewhere.length).toBe(0)
  fake.set({ tamper: {} })
  // refused is the answer, not the connection
  expect(await askToken(b, jar)).toMatchObject({ tokenType: 'Bearer' })
}
