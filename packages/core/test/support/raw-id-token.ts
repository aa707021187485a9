/** An id_token whose payload is that text, octet for octet, and the key it is signed with. */
export async function rawIdToken(payload: string): Promise<{ jwk: JsonWebKey; token: string }> {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  }
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const { n, e, kty } = await crypto.subtle.exportKey('jwk', pair.publicKey)
  const encode = (octets: Uint8Array) =>
    btoa(String.fromCharCode(...octets))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '')
  const text = (value: string) => encode(new TextEncoder().encode(value))
  const signed = `${text('{"alg":"RS256"}')}.${text(payload)}`
  const signature = await crypto.subtle.sign(
    algorithm.name,
    pair.privateKey,
    new TextEncoder().encode(signed),
  )
  const jwk = { ...(kty && { kty }), ...(n && { n }), ...(e && { e }) }
  return { jwk, token: `${signed}.${encode(new Uint8Array(signature))}` }
}
