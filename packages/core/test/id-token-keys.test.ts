import { fakeProvider } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import {
  askToken,
  type Bench,
  begin,
  bench,
  comeBack,
  expectRefused,
  patienceFor,
  staleJar,
  storedIn,
} from './support/bench.ts'
import { travel } from './support/kit.ts'
import { weakIdToken, weakKey } from './support/weak-key.ts'

const oidc = () => fakeProvider({ oidc: true })

test('callback() reads the keys once for many logins [G4]', async () => {
  const b = bench({}, oidc())
  for (let login = 0; login < 3; login++) expect(await logIn(b)).toBe(303)
  expect(b.fake.requests.jwks.length).toBe(1)
})

test('callback() reads the keys anew when one is unknown: signing-key-rotation F-26 [G4]', async () => {
  const b = bench({}, oidc())
  await logIn(b)
  b.fake.rotateKeys()
  expect(await logIn(b)).toBe(303)
  expect(b.fake.requests.jwks.length).toBe(2)
})

test('callback() reads the keys anew when they rotate while a login is under way: signing-key-rotation-just-before-signing F-26 [G4]', async () => {
  const b = bench({}, oidc())
  await logIn(b)
  const { answer } = await begin(b)
  b.fake.rotateKeys({ keepOld: true })
  expect((await comeBack(b, answer)).status).toBe(303)
  expect(b.fake.requests.jwks.length).toBe(2)
})

test('callback() reads the keys twice a minute and no more for a flood of unknown ones F-26 F-27 [G4]', async () => {
  const b = bench({}, oidc())
  await logIn(b)
  flood(b)
  for (let login = 0; login < 30; login++) expect(await logIn(b)).toBe(502)
  expect(b.fake.requests.jwks.length).toBe(3)
  const back = travel(61)
  try {
    for (let login = 0; login < 5; login++) expect(await logIn(b)).toBe(502)
  } finally {
    back()
  }
  expect(b.fake.requests.jwks.length).toBe(5)
})

test('callback() reads the keys twice for a flood that meets an empty cache F-27 [G4]', async () => {
  const b = bench({}, oidc())
  flood(b)
  await Promise.all(Array.from({ length: 10 }, () => logIn({ ...b, jar: b.jar.copy() })))
  expect(b.fake.requests.jwks.length <= 2).toBe(true)
})

const outages = {
  'answers 500': [{ status: 500 }, 'provider_unavailable', 503],
  'answers 404': [{ status: 404 }, 'discovery_failed', 502],
  'answers HTML': [
    { body: '<html>', headers: { 'content-type': 'text/html' } },
    'discovery_failed',
    502,
  ],
  'answers 20 MB': [{ huge: 20_000_000 }, 'provider_bad_response', 502],
  hangs: [{ hang: true }, 'provider_timeout', 504],
  drips: [{ drip: 40 }, 'provider_timeout', 504],
  'is not there': [{ networkError: true }, 'provider_unreachable', 502],
  redirects: [{ redirect: 'http://169.254.169.254/latest/meta-data' }, 'discovery_failed', 502],
  'answers a list': [{ body: [] }, 'discovery_failed', 502],
  'answers no keys': [{ body: {} }, 'discovery_failed', 502],
  'answers an empty set': [{ body: { keys: [] } }, 'id_token_invalid', 502],
} as const

for (const [what, [fault, code, status]] of Object.entries(outages)) {
  test(`callback() refuses a login where the key set ${what} F-28 [G4] [G5]`, async () => {
    const b = bench(patienceFor(fault), fakeProvider({ oidc: true, algorithm: 'ES256' }))
    const { answer } = await begin(b)
    b.fake.fault({ endpoint: 'jwks', times: 3, ...fault })
    await expectRefused(b, answer, { code, status, tokenRequests: 1 })
    expect(b.fake.requests.elsewhere.length).toBe(0)
    b.fake.clearFaults()
    expect(await logIn(b)).toBe(303)
  })
}

test('callback() takes a login from the keys it has read while the key set is down F-28 [G4]', async () => {
  const b = bench({}, oidc())
  await logIn(b)
  b.fake.fault({ endpoint: 'jwks', status: 503, times: 9 })
  expect(await logIn(b)).toBe(303)
  b.fake.set({
    tamper: { idToken: (parts) => ({ ...parts, header: { ...parts.header, kid: 'unknown' } }) },
  })
  expect(await logIn(b)).toBe(503) // asked for anew, in vain
  b.fake.set({ tamper: {} })
  expect(await logIn(b)).toBe(303) // and what was read before still holds
})

test('callback() does not trust keys for more than an hour F-28 [G4]', async () => {
  const b = bench({}, oidc())
  await logIn(b)
  const back = travel(3601)
  try {
    expect(await logIn(b)).toBe(303)
  } finally {
    back()
  }
  expect(b.fake.requests.jwks.length).toBe(2)
})

test('token() keeps the rotated refresh token of an answer whose keys cannot be read F-28 [G8]', async () => {
  const fake = fakeProvider({ oidc: true, rotation: 'strict' })
  const b = bench({}, fake)
  const jar = await staleJar(b)
  fake.fault({ endpoint: 'jwks', status: 503, times: 9 })
  const fresh = await askToken(b, jar)
  expect(fresh).toMatchObject({ tokenType: 'Bearer', idTokenClaims: { sub: '583231' } })
  const back = travel(3600)
  const next = await askToken(b, jar).finally(back)
  expect(next).toMatchObject({ tokenType: 'Bearer' })
  expect(fake.tokenRequests.length).toBe(2)
  expect(fake.grants).toBe(1)
})

type KeySet = (key: JsonWebKey & { kid?: string }) => unknown[]

function providerOf(keys: KeySet) {
  const jwks = (set: { keys: JsonWebKey[] }) => ({ keys: set.keys.flatMap(keys) })
  return fakeProvider({ oidc: true, tamper: { jwks } })
}

const strangeKeys: Record<string, KeySet> = {
  'a key without "alg" and "use"': (key) => [{ ...key, alg: undefined, use: undefined }],
  'keys of an unknown type': (key) => [
    { kty: 'XYZ', kid: key.kid },
    { kty: 'AKP', kid: key.kid },
    key,
  ],
  'a key for encryption of the same id': (key) => [{ ...key, use: 'enc' }, key],
  'a shared key of the same id': (key) => [{ kty: 'oct', k: 'c2VjcmV0', kid: key.kid }, key],
  'a private key of the same id': (key) => [{ ...key, d: 'AQAB' }, key],
  'things that are no keys': (key) => [null, 'key', 7, [], {}, key],
  'a key of another algorithm': (key) => [{ ...key, alg: 'PS256' }, key],
}

for (const [what, keys] of Object.entries(strangeKeys)) {
  test(`callback() finds its key in a set with ${what} F-29 [G4]`, async () => {
    expect(await logIn(bench({}, providerOf(keys)))).toBe(303)
  })
}

const uselessKeys: Record<string, KeySet> = {
  'only a key for encryption': (key) => [{ ...key, use: 'enc' }],
  'only a key that may not verify': (key) => [{ ...key, use: undefined, key_ops: ['encrypt'] }],
  'only a key whose operations are no list': (key) => [{ ...key, key_ops: 7 }],
  'only a private key': (key) => [{ ...key, d: 'AQAB' }],
  'only a key of another algorithm': (key) => [{ ...key, alg: 'PS256' }],
  'two keys of one id': (key) => [key, { ...key }],
  'a key without its modulus': (key) => [{ ...key, n: undefined }],
  'a key with a broken modulus': (key) => [{ ...key, n: '***' }],
}

for (const [what, keys] of Object.entries(uselessKeys)) {
  test(`callback() refuses an id_token where the set holds ${what} F-28 F-29 [G4]`, async () => {
    const b = bench({}, providerOf(keys))
    const { answer } = await begin(b)
    await expectRefused(b, answer, { code: 'id_token_invalid', status: 502, tokenRequests: 1 })
  })
}

test('callback() refuses what an RSA key of 512 bits has signed F-29 [G4]', async () => {
  const tamper = { jwks: () => ({ keys: [weakKey] }), idToken: () => weakIdToken }
  const fake = fakeProvider({ oidc: true, tamper })
  const b = bench({ providers: { fake: fake.provider({ idToken: { nonce: false } }) } }, fake)
  const { answer } = await begin(b)
  await expectRefused(b, answer, { code: 'id_token_invalid', status: 502, tokenRequests: 1 })
})

async function logIn(b: Bench): Promise<number> {
  const { answer } = await begin(b)
  const { status } = await comeBack(b, answer)
  expect((await storedIn(b)).length > 0 || status !== 303).toBe(true)
  return status
}

/** From now on every id_token names a key that does not exist. */
function flood({ fake }: Bench): void {
  const idToken: Parameters<typeof fake.set>[0]['tamper'] = {
    idToken: (parts) => ({ ...parts, header: { ...parts.header, kid: crypto.randomUUID() } }),
  }
  fake.set({ tamper: idToken })
}
