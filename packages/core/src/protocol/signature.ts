import type { JWK } from 'oauth4webapi'
import { definedOf } from '../errors.ts'
import type { Jwt } from './jwt.ts'

/** Signature algorithms an id_token may have: asymmetric ones only (RFC 7518 section 3.1, RFC 8037). */
export const signatureAlgorithms: RegExp = /^([RP]S(256|384|512)|ES(256|384)|EdDSA|Ed25519)$/

/**
 * Whether one of the keys made the signature (RFC 7515 section 5.2): the one that fits without a doubt.
 *
 * @param keys The provider's key set (RFC 7517). A key embedded in the token, or an address in it, counts for nothing.
 */
export async function isSignedBy(keys: readonly JWK[], jwt: Jwt): Promise<boolean> {
  const { alg, kid } = jwt.header
  const { kty, crv, algorithm } = algorithmOf(alg)
  const [jwk, another] = keys.filter(
    (key) =>
      key.kty === kty &&
      key.crv === crv &&
      (kid === undefined || key.kid === kid) &&
      (key.alg === undefined || key.alg === alg) &&
      (key.use === undefined || key.use === 'sig') &&
      [key.key_ops ?? 'verify'].flat().includes('verify'),
  )
  if (!jwk || another) return false
  // only what makes the key: its other members describe it, and engines differ in what they refuse of them
  const { n, e, x, y } = jwk
  const bare = definedOf({ kty, n, e, crv, x, y })
  try {
    const key = await crypto.subtle.importKey('jwk', bare, algorithm, false, ['verify'])
    const { modulusLength = 2048 } = key.algorithm as { modulusLength?: number } // RSA keys have it
    if (modulusLength < 2048) return false
    return await crypto.subtle.verify(algorithm, key, jwt.signature, jwt.signed)
  } catch {
    return false // no key at all
  }
}

/** What kind of key an algorithm needs, and how Web Crypto calls it. */
function algorithmOf(alg: string) {
  const bits = alg.slice(2)
  const hash = `SHA-${bits}`
  const crv = `P-${bits}`
  switch (alg.slice(0, 2)) {
    case 'RS':
      return { kty: 'RSA', algorithm: { name: 'RSASSA-PKCS1-v1_5', hash } }
    case 'PS':
      return { kty: 'RSA', algorithm: { name: 'RSA-PSS', hash, saltLength: Number(bits) / 8 } }
    case 'ES':
      return { kty: 'EC', crv, algorithm: { name: 'ECDSA', hash, namedCurve: crv } }
    default:
      return { kty: 'OKP', crv: 'Ed25519', algorithm: { name: 'Ed25519' } }
  }
}
