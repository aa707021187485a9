import { invalidOption } from './errors.ts'

const publishedSample = 'complex_password_at_least_32_characters_long'

/**
 * Reads the secrets, newest first. A wrong one throws `option_invalid` at once; an absent one when it is needed.
 *
 * @param value A text with commas between secrets, or a list.
 * @param path The option's path, for the error.
 */
export function readSecrets(
  value: unknown,
  path: string,
): () => readonly Uint8Array<ArrayBuffer>[] {
  const texts = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : []
  const given = texts.map((text: unknown) => (typeof text === 'string' ? text.trim() : ''))
  const secrets = given.filter((text) => text !== '').map((text) => readSecret(text, path))
  return () => {
    if (secrets.length > 0) return secrets
    throw invalidOption('secret', 'it is not set; put 32 random octets in hex into DANCE_SECRET')
  }
}

function readSecret(text: string, path: string): Uint8Array<ArrayBuffer> {
  if (text === publishedSample) throw invalidOption(path, 'it is a published sample; make your own')
  const isHex = /^([0-9a-f]{2})+$/i.test(text)
  const octets = isHex ? fromHex(text) : fromBase64url(text)
  if (!octets || octets.length < 32) {
    throw invalidOption(path, 'it must be at least 32 random octets in hex or base64url')
  }
  // Few different ones were typed, not drawn; counted as they are written: pairs in hex, characters in base64url
  if (new Set<unknown>(isHex ? octets : text).size < 12) {
    throw invalidOption(path, 'it is not random')
  }
  return octets
}

function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[\w-]+={0,2}$/.test(text) || text.replace(/=+$/, '').length % 4 === 1) return null
  const base64 = text.replace(/=+$/, '').replaceAll('-', '+').replaceAll('_', '/')
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}
