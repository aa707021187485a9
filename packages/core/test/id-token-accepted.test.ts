import { fakeProvider, type IdTokenParts, walkDance } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { askToken, type Bench, begin, bench, comeBack, staleJar } from './support/bench.ts'
import { origin } from './support/kit.ts'
import { oidcFake } from './support/oidc-fake.ts'

const spoilt: Record<string, (parts: IdTokenParts) => IdTokenParts> = {
  'oidcc-client-test happy-path': (parts) => parts,
  'valid-aud-as-array': (parts) => withClaims(parts, { aud: [parts.claims['aud']] }),
  'kid-absent-single-jwks': (parts) => ({ ...parts, header: { ...parts.header, kid: undefined } }),
  'azp of this client': (parts) => withClaims(parts, { azp: parts.claims['aud'] }),
  'a clock that is half a minute ahead': (parts) =>
    withClaims(parts, { iat: Number(parts.claims['iat']) + 30 }),
  'a subject of 255 characters': (parts) => withClaims(parts, { sub: 's'.repeat(255) }),
  'claims nobody knows': (parts) => withClaims(parts, { 'https://x.test/claim': { deep: [1] } }),
}

for (const [what, idToken] of Object.entries(spoilt)) {
  test(`callback() takes an id_token: ${what} S16 [G4]`, async () => {
    const b = bench({}, oidcFake({ tamper: { idToken } }))
    expect(await logIn(b)).toBe(303)
  })
}

for (const algorithm of ['RS256', 'ES256', 'PS256'] as const) {
  test(`callback() takes an id_token signed by ${algorithm}: idtoken-sig-${algorithm.toLowerCase()} [G4]`, async () => {
    expect(await logIn(bench({}, fakeProvider({ oidc: true, algorithm })))).toBe(303)
  })
}

test('callback() refuses an id_token without kid where several keys fit: kid-absent-multiple-jwks [G4]', async () => {
  const idToken = (parts: IdTokenParts) => ({
    ...parts,
    header: { ...parts.header, kid: undefined },
  })
  const fake = oidcFake({ tamper: { idToken } })
  fake.rotateKeys({ keepOld: true })
  const b = bench({}, fake)
  expect(await logIn(b)).toBe(502)
  expect(b.errors.map(({ code }) => code)).toEqual(['id_token_invalid'])
})

test('callback() takes only the algorithms the preset names [G4]', async () => {
  const fake = oidcFake()
  const only = (algorithms: string[]) =>
    bench({ providers: { fake: fake.provider({ idToken: { algorithms } }) } }, fake)
  expect(await logIn(only(['RS256']))).toBe(502)
  expect(await logIn(only(['HS256', 'none']))).toBe(502)
  expect(await logIn(only(['ES256', 'RS256']))).toBe(303)
})

const answers: Record<string, (body: Record<string, unknown>) => Record<string, unknown>> = {
  'token-type-case-insensitivity': (body) => ({ ...body, token_type: 'bEARER' }),
  'token-endpoint-response-without-expires_in': ({ expires_in: _, ...body }) => body,
  'members nobody knows': (body) => ({ ...body, not_before_policy: 0, session_state: 'x' }),
}

for (const [what, token] of Object.entries(answers)) {
  test(`callback() takes a token answer: ${what} S9`, async () => {
    const b = bench({}, oidcFake({ tamper: { token } }))
    expect(await logIn(b)).toBe(303)
    expect(await askToken(b, b.jar)).toMatchObject({ tokenType: 'Bearer' })
  })
}

test('login() asks for openid, sends a nonce and goes to https: nonce-unless-code-flow', async () => {
  const fake = oidcFake()
  const b = bench({ providers: { fake: fake.provider({ scopes: ['email'] }) } }, fake)
  const { authorize } = await begin(b)
  expect(authorize.protocol).toBe('https:')
  expect(authorize.searchParams.get('scope')).toBe('openid email')
  expect(authorize.searchParams.get('nonce')).toMatch(/^[\w-]{22,}$/)
  expect(authorize.searchParams.get('response_type')).toBe('code')
})

test('profile() sends the token in the header and uses the claims: userinfo-bearer-header scope-userinfo-claims', async () => {
  const fake = oidcFake()
  const b = bench({}, fake)
  const profile = await askProfile(b)
  expect(profile).toMatchObject({
    id: '583231',
    name: 'Mona Octocat',
    email: 'octocat@fake.test',
    emailVerified: true,
  })
  const [asked] = fake.requests.userinfo
  expect(asked?.headers.get('authorization')).toMatch(/^Bearer \S+$/)
  expect(new URL(asked?.url ?? '').search).toBe('')
})

test('profile() refuses another account than the id_token names: userinfo-invalid-sub S18 [G4]', async () => {
  const codes = {
    another: 'id_token_invalid',
    'Another case': 'id_token_invalid',
    '': 'provider_bad_response',
  }
  for (const [sub, code] of Object.entries(codes)) {
    const tamper = {
      userinfo: (claims: object) => ({ ...claims, sub: sub === '' ? undefined : sub }),
    }
    const b = bench({}, oidcFake({ tamper }))
    expect(await askProfile(b)).toMatchObject({ code })
  }
})

test('callback() stores nothing where a handler asks for the profile and gets another account: userinfo-invalid-sub S18 [G4]', async () => {
  const tamper = { userinfo: (claims: object) => ({ ...claims, sub: 'another' }) }
  const b = bench({}, oidcFake({ tamper }))
  b.dance.events.on('authorized', async (event) => void (await event.profile()))
  expect(await logIn(b)).toBe(500)
  expect(b.errors.map(({ code }) => code)).toEqual(['handler_failed'])
  expect(b.events).not.toContain('stored')
  expect(b.jar.cookies()).toEqual([])
})

test('token() refreshes, and the profile still answers: refresh-token', async () => {
  const fake = oidcFake({ rotation: 'strict' })
  const b = bench({}, fake)
  const jar = await staleJar(b)
  const token = await askToken(b, jar)
  expect(token).toMatchObject({ idTokenClaims: { iss: fake.issuer, sub: '583231' } })
  expect(await askProfile({ ...b, jar })).toMatchObject({ id: '583231' })
  expect(fake.tokenRequests.length).toBe(1)
})

test('token() keeps the claims where a refresh brings no id_token S17', async () => {
  const fake = oidcFake({ idTokenOnRefresh: false })
  const b = bench({}, fake)
  const jar = await staleJar(b)
  expect(await askToken(b, jar)).toMatchObject({
    idTokenClaims: { iss: fake.issuer, sub: '583231' },
  })
})

test('callback() consumes a posted error and shows it: form-post-error NX-17', async () => {
  const fake = oidcFake({ consent: 'deny' })
  const b = bench({ providers: { fake: fake.provider({ responseMode: 'form_post' }) } }, fake)
  const answer = await walkDance(b.dance.handle, fake, `${origin}/login/fake`, b.jar)
  expect(answer.status).toBe(403)
  expect(b.errors.map(({ code }) => code)).toEqual(['access_denied'])
  expect(fake.tokenRequests.length).toBe(0)
  expect(b.jar.cookies()).toEqual([])
})

function withClaims(parts: IdTokenParts, changes: object): IdTokenParts {
  return { ...parts, claims: { ...parts.claims, ...changes } }
}

async function logIn(b: Bench): Promise<number> {
  const { answer } = await begin(b)
  return (await comeBack(b, answer)).status
}

/** Logs in where nobody is, and asks for the profile: it, or the error. */
async function askProfile(b: Bench): Promise<unknown> {
  let outcome: unknown
  if (b.jar.cookies().length === 0) await logIn(b)
  const app = b.dance.wrap(async (_request, visit) => {
    const connection = await visit.connection('fake')
    outcome = await connection.profile().catch((error: unknown) => error)
    return new Response()
  })
  await b.jar.send(app, `${origin}/`)
  return outcome
}
