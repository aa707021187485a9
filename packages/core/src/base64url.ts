/** Octets as base64url, without padding (RFC 4648 section 5). */
export function base64url(octets: Uint8Array): string {
  const text = btoa(Array.from(octets, (octet) => String.fromCharCode(octet)).join(''))
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** The octets of a base64url text without padding; none where it is no such text. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const isBase64url = /^[\w-]+$/.test(text) && text.length % 4 !== 1
  const binary = isBase64url ? atob(text.replaceAll('-', '+').replaceAll('_', '/')) : ''
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}

/** 128 random bits, base64url. */
export function randomId(octets = 16): string {
  return base64url(crypto.getRandomValues(new Uint8Array(octets)))
}

/** SHA-256 of a text, base64url. */
export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return base64url(new Uint8Array(digest))
}
