import type { FakeProvider, IdTokenParts } from '@fetch-dance/testing'

/** Spoils an id_token before it is signed; a text is sent as it is. */
export type Spoil = (
  parts: IdTokenParts,
  fake: FakeProvider,
) => IdTokenParts | string | Promise<string>

const now = () => Math.floor(Date.now() / 1000)

/** Faults of the claims that are faults at a login and at a refresh, by the names of the conformance modules where there is one. */
export const claimFaults: Readonly<Record<string, Spoil>> = {
  'invalid-iss': claims({ iss: 'https://evil.test' }),
  'iss with a trailing slash': (parts, fake) => claims({ iss: `${fake.issuer}/` })(parts, fake),
  'iss in a list': (parts, fake) => claims({ iss: [fake.issuer] })(parts, fake),
  'invalid-missing-iss': without('iss'),
  'invalid-aud': claims({ aud: 'another-client' }),
  'missing-aud': without('aud'),
  'aud: []': claims({ aud: [] }),
  'aud in two lists': (parts, fake) => claims({ aud: [[parts.claims['aud']]] })(parts, fake),
  'invalid-secondary-aud': (parts, fake) =>
    claims({ aud: [parts.claims['aud'], 'another-client'] })(parts, fake),
  'invalid-secondary-aud with azp': (parts, fake) =>
    claims({ aud: [parts.claims['aud'], 'another-client'], azp: parts.claims['aud'] })(parts, fake),
  'azp of another client': claims({ azp: 'another-client' }),
  'missing-sub': without('sub'),
  'sub: number': claims({ sub: 583231 }),
  'sub: empty': claims({ sub: '' }),
  'sub of 256 characters': claims({ sub: 's'.repeat(256) }),
  'missing-iat': without('iat'),
  'iat in ten minutes': (parts, fake) => claims({ iat: now() + 600 })(parts, fake),
  'iat: text': (parts, fake) => claims({ iat: String(now()) })(parts, fake),
  'invalid-missing-exp': without('exp'),
  'invalid-expired-exp': (parts, fake) => claims({ exp: now() - 301 })(parts, fake),
  'exp: text': (parts, fake) => claims({ exp: String(now() + 300) })(parts, fake),
  'exp: null': claims({ exp: null }),
  'nbf in ten minutes': (parts, fake) => claims({ nbf: now() + 600 })(parts, fake),
}

/** Faults of the signature and its header, at a login and at a refresh. */
export const signatureFaults: Readonly<Record<string, Spoil>> = {
  'invalid-sig-rs256': (parts) => ({ ...parts, signature: 'broken' }),
  'idtoken-sig-none': unsigned('none'),
  'alg: None': unsigned('None'),
  'alg: NONE': unsigned('NONE'),
  'alg: empty': unsigned(''),
  'alg: HS999 CVE-2026-28498 CVE-2022-39174': (parts) => ({
    ...parts,
    header: { ...parts.header, alg: 'HS999' },
    signature: 'broken',
  }),
  'invalid-null-alg': (parts) => ({
    ...parts,
    header: { ...parts.header, alg: null },
    signature: 'broken',
  }),
  'alg none with a signature': (parts) => ({
    ...parts,
    header: { ...parts.header, alg: 'none' },
    signature: 'broken',
  }),
  'HS256 with the client secret': (parts) => hs256(parts, clientSecret),
  'HS256 with the public key as JWK': async (parts, fake) =>
    fake.sign(hs256(parts, JSON.stringify(await publicKey(fake)))),
  'HS256 with the modulus of the public key': async (parts, fake) =>
    fake.sign(hs256(parts, String((await publicKey(fake))['n']))),
  'HS256 with the public key as PEM': async (parts, fake) =>
    fake.sign(hs256(parts, await publicPem(fake))),
  'PS256 where RS256 is registered': signedBy('RSA-PSS', 'PS256'),
  'invalid-alternate-alg: ES256 where RS256 is registered': signedBy('ECDSA', 'ES256'),
  'RS256 by a key of its own': signedBy('RSASSA-PKCS1-v1_5', 'RS256'),
  'a key embedded in the header': signedBy('RSASSA-PKCS1-v1_5', 'RS256', (jwk) => ({
    jwk,
    kid: undefined,
  })),
  'a key at an address in the header': signedBy('RSASSA-PKCS1-v1_5', 'RS256', () => ({
    jku: 'https://evil.test/jwks',
    x5u: 'https://evil.test/x5u',
    kid: undefined,
  })),
  'an unknown critical header CVE-2025-59420': header({ crit: ['x'], x: true }),
  'a critical header that is not there': (parts) => ({
    ...parts,
    header: { ...parts.header, crit: ['b64'], b64: true },
    signature: 'broken',
  }),
  'kid: ../': header({ kid: '../../etc/passwd' }),
  'kid: __proto__': header({ kid: '__proto__' }),
  'kid: a list': header({ kid: ['key-1'] }),
  'kid of 20 kB': header({ kid: 'k'.repeat(20_000) }),
}

/** The client secret of a fake that signs with it. */
export const clientSecret = 'a-client-secret-that-is-long-enough-for-an-hmac-of-sha-256'

function claims(changes: Record<string, unknown>): Spoil {
  return (parts) => ({ ...parts, claims: { ...parts.claims, ...changes } })
}

function without(name: string): Spoil {
  return (parts) => {
    const { [name]: _removed, ...rest } = parts.claims
    return { ...parts, claims: rest }
  }
}

function header(changes: Record<string, unknown>): Spoil {
  return (parts) => ({ ...parts, header: { ...parts.header, ...changes } })
}

function unsigned(alg: string): Spoil {
  return (parts) => ({ ...parts, header: { ...parts.header, alg }, signature: 'none' })
}

function hs256(parts: IdTokenParts, secret: string): IdTokenParts {
  const key = new TextEncoder().encode(secret)
  return { ...parts, header: { ...parts.header, alg: 'HS256' }, key }
}

function signedBy(
  name: string,
  alg: string,
  extra: (jwk: JsonWebKey) => Record<string, unknown> = () => ({}),
): Spoil {
  return async (parts, fake) => {
    const { privateKey, jwk } = await keyPair(name)
    const changed = { ...parts.header, alg, ...extra(jwk) }
    return fake.sign({ ...parts, header: changed, key: privateKey })
  }
}

/** A key pair of a stranger's. */
async function keyPair(name: string): Promise<{ privateKey: CryptoKey; jwk: JsonWebKey }> {
  const algorithm =
    name === 'ECDSA'
      ? { name, namedCurve: 'P-256' }
      : { name, hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  return { privateKey: pair.privateKey, jwk: await crypto.subtle.exportKey('jwk', pair.publicKey) }
}

/** The provider's public key, as everybody can read it. */
async function publicKey(fake: FakeProvider): Promise<Record<string, unknown>> {
  const response = await fake.fetch(`${fake.issuer}/jwks`)
  const { keys } = await response.json()
  fake.requests.jwks.pop() // it was not the dance that asked
  return keys[0]
}

async function publicPem(fake: FakeProvider): Promise<string> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('jwk', await publicKey(fake), algorithm, true, [
    'verify',
  ])
  const octets = new Uint8Array(await crypto.subtle.exportKey('spki', key))
  const lines = btoa(String.fromCharCode(...octets)).match(/.{1,64}/g) ?? []
  return `-----BEGIN PUBLIC KEY-----\n${lines.join('\n')}\n-----END PUBLIC KEY-----\n`
}
