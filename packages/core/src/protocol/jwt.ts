import { isObject } from './json-object.ts'

/** A JWT in its parts (RFC 7519), not yet trusted. */
export interface Jwt {
  readonly header: { readonly alg: string; readonly kid?: unknown; readonly crit?: unknown }
  readonly claims: Readonly<Record<string, unknown>>
  readonly signature: Uint8Array<ArrayBuffer>
  /** What the signature is over. */
  readonly signed: Uint8Array<ArrayBuffer>
}

/** Takes a compact JWT apart; null if it is none. */
export function parseJwt(text: string): Jwt | null {
  const parts = text.split('.')
  const [header = '', claims = '', signature = ''] = parts
  if (parts.length !== 3 || signature === '') return null
  try {
    const head = partOf(header)
    const { alg } = head
    if (typeof alg !== 'string') return null
    return {
      header: { ...head, alg },
      claims: partOf(claims),
      signature: octetsOf(signature),
      signed: new TextEncoder().encode(`${header}.${claims}`),
    }
  } catch {
    return null // neither base64url nor JSON
  }
}

function partOf(text: string): Record<string, unknown> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const value: unknown = JSON.parse(decoder.decode(octetsOf(text)))
  if (isObject(value)) return value
  throw new TypeError()
}

function octetsOf(part: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]+$/.test(part)) throw new TypeError()
  const binary = atob(part.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}
