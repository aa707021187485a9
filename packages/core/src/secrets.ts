import { fromBase64url } from './base64url.ts'
import { invalidOption } from './errors.ts'

const publishedSample = 'complex_password_at_least_32_characters_long'

/**
 * Reads the secrets, newest first. A wrong one throws `option_invalid` at once; an absent one when it is needed.
 *
 * @param path The option's path, for the error.
 */
export function readSecrets(
  texts: readonly string[],
  path: string,
): () => readonly Uint8Array<ArrayBuffer>[] {
  const secrets = texts.filter(Boolean).map((text) => readSecret(text, path))
  return () => {
    if (secrets.length > 0) return secrets
    throw invalidOption('secret', 'it is not set; put 32 random octets in hex into DANCE_SECRET')
  }
}

function readSecret(text: string, path: string): Uint8Array<ArrayBuffer> {
  const isHex = /^([0-9a-f]{2})+$/i.test(text)
  const octets = isHex
    ? Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
    : fromBase64url(text.replace(/={1,2}$/, ''))
  // Few different ones were typed, not drawn; counted as they are written: pairs in hex, characters in base64url
  const isTyped = new Set<unknown>(isHex ? octets : text).size < 12
  if (octets.length >= 32 && !isTyped && text !== publishedSample) return octets
  throw invalidOption(path, 'it must be at least 32 random octets in hex or base64url')
}
