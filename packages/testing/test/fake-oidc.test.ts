import { fakeProvider, type IdTokenParts } from '@fetch-dance/testing'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import { createClient } from './support/client.ts'

const login = { scope: 'openid profile email', nonce: 'a-nonce' }

async function connected(o: Parameters<typeof fakeProvider>[0] = {}) {
  const fake = fakeProvider({ oidc: true, ...o })
  const client = await createClient(fake)
  const tokens = await client.connect(login)
  return { fake, client, tokens, idToken: tokens.id_token ?? '' }
}

async function read(fake: ReturnType<typeof fakeProvider>, path: string, accessToken = '') {
  const headers = { authorization: `Bearer ${accessToken}` }
  return (await fake.fetch(fake.issuer + path, { headers })).json()
}

async function isValid(fake: ReturnType<typeof fakeProvider>, idToken: string): Promise<boolean> {
  const keys = createLocalJWKSet(await read(fake, '/jwks'))
  const expected = { issuer: fake.issuer, audience: 'fake-client' }
  return jwtVerify(idToken, keys, expected).then(
    () => true,
    () => false,
  )
}

describe('fakeProvider({ oidc: true })', () => {
  test('is discovered', async () => {
    const fake = fakeProvider({ oidc: true, issuer: 'https://fake.test/tenant' })
    const metadata = await read(fake, '/.well-known/openid-configuration')
    expect(metadata.issuer).toBe('https://fake.test/tenant')
    expect(metadata.token_endpoint).toBe('https://fake.test/tenant/token')
    expect(metadata.code_challenge_methods_supported).toEqual(['S256'])
    expect(metadata.authorization_response_iss_parameter_supported).toBe(true)
    expect(
      (await fakeProvider().fetch('https://fake.test/.well-known/openid-configuration')).status,
    ).toBe(404)
  })

  test('signs id_tokens that verify, with nonce and the claims that the scopes open', async () => {
    const { fake, idToken } = await connected()
    expect(await isValid(fake, idToken)).toBe(true)
    expect(decodeProtectedHeader(idToken)).toEqual({ alg: 'RS256', kid: 'key-1', typ: 'JWT' })
    const claims = {
      sub: '583231',
      nonce: 'a-nonce',
      email: 'octocat@fake.test',
      email_verified: true,
    }
    expect(decodeJwt(idToken)).toMatchObject(claims)
  })

  test('signs with ES256 where it is told to', async () => {
    const { fake, idToken } = await connected({ algorithm: 'ES256' })
    expect([decodeProtectedHeader(idToken).alg, await isValid(fake, idToken)]).toEqual([
      'ES256',
      true,
    ])
  })

  test('answers an id_token for openid only, and on refresh unless told otherwise', async () => {
    const { fake, client, tokens } = await connected()
    expect('id_token' in (await client.connect({ scope: 'email' }))).toBe(false)
    const refreshed = await (await client.refresh(tokens.refresh_token)).json()
    expect('nonce' in decodeJwt(refreshed.id_token)).toBe(false)
    fake.set({ idTokenOnRefresh: false })
    expect('id_token' in (await (await client.refresh(tokens.refresh_token)).json())).toBe(false)
  })

  test('answers userinfo to the token', async () => {
    const { fake, tokens } = await connected()
    const claims = await read(fake, '/userinfo', tokens.access_token)
    expect(claims).toMatchObject({ sub: '583231', login: 'octocat', name: 'Mona Octocat' })
    expect((await fake.fetch(`${fake.issuer}/userinfo`)).status).toBe(401)
  })

  test('rotates its keys: the old one goes, or is kept F-26', async () => {
    const { fake, client, idToken } = await connected()
    fake.rotateKeys({ keepOld: true })
    expect(await isValid(fake, idToken)).toBe(true)
    fake.rotateKeys()
    expect(await isValid(fake, idToken)).toBe(false)
    const fresh = (await client.connect(login)).id_token ?? ''
    expect([decodeProtectedHeader(fresh).kid, await isValid(fake, fresh)]).toEqual(['key-3', true])
    expect((await read(fake, '/jwks')).keys.map(({ kid }: { kid: string }) => kid)).toEqual([
      'key-3',
    ])
  })
})

describe('tamper', () => {
  const idTokenWith = async (idToken: (parts: IdTokenParts) => IdTokenParts | string) => {
    const made = await connected({ tamper: { idToken } })
    return { ...made, valid: await isValid(made.fake, made.idToken) }
  }

  test('changes claims under a true signature', async () => {
    const { idToken, fake } = await idTokenWith((parts) => ({
      ...parts,
      claims: { ...parts.claims, sub: 'evil' },
    }))
    expect([decodeJwt(idToken).sub, await isValid(fake, idToken)]).toEqual(['evil', true])
  })

  test('breaks a signature, or leaves it out', async () => {
    expect((await idTokenWith((parts) => ({ ...parts, signature: 'broken' }))).valid).toBe(false)
    const unsigned = await idTokenWith((parts) => ({
      ...parts,
      header: { alg: 'none' },
      signature: 'none',
    }))
    expect([unsigned.idToken.endsWith('.'), unsigned.valid]).toEqual([true, false])
  })

  test('signs with a key of one’s own, and with unknown critical headers', async () => {
    const key = new TextEncoder().encode('fake-client-secret-of-32-octets!')
    const hmac = await idTokenWith((parts) => ({ ...parts, header: { alg: 'HS256' }, key }))
    await expect(jwtVerify(hmac.idToken, key)).resolves.toMatchObject({
      protectedHeader: { alg: 'HS256' },
    })
    const critical = await idTokenWith((parts) => ({
      ...parts,
      header: { ...parts.header, crit: ['x'], x: 1 },
    }))
    expect([decodeProtectedHeader(critical.idToken).crit, critical.valid]).toEqual([['x'], false])
  })

  test('sends any string, and sign() makes one', async () => {
    expect((await idTokenWith(() => 'nonsense')).idToken).toBe('nonsense')
    const fake = fakeProvider({ oidc: true })
    const token = await fake.sign({ claims: { iss: fake.issuer, aud: 'fake-client' } })
    expect(await isValid(fake, token)).toBe(true)
  })

  test('changes every other answer', async () => {
    const { fake, client, tokens } = await connected()
    fake.set({
      tamper: {
        authorization: (params) => params.set('iss', 'https://evil.test'),
        token: (body, grantType) =>
          grantType === 'refresh_token'
            ? new Response('gone', { status: 500 })
            : { ...body, scope: 'all' },
        metadata: (metadata) => ({ ...metadata, issuer: 'https://evil.test' }),
        jwks: () => ({ keys: [] }),
        userinfo: (claims) => ({ ...claims, sub: 'evil' }),
      },
    })
    expect((await client.consent(login)).get('iss')).toBe('https://evil.test')
    expect((await client.connect(login)).scope).toBe('all')
    expect((await client.refresh(tokens.refresh_token)).status).toBe(500)
    expect((await read(fake, '/.well-known/openid-configuration')).issuer).toBe('https://evil.test')
    expect((await read(fake, '/jwks')).keys).toEqual([])
    expect((await read(fake, '/userinfo', tokens.access_token)).sub).toBe('evil')
  })
})
