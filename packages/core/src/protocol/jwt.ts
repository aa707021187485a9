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
  const [header = '', claims = '', signature = '', ...more] = text.split('.')
  try {
    const head = jsonIn(header)
    const body = jsonIn(claims)
    if (more.length > 0 || !isObject(head) || !isObject(body)) return null
    const { alg } = head
    if (typeof alg !== 'string') return null
    return {
      header: { ...head, alg },
      claims: body,
      signature: octetsOf(signature),
      signed: new TextEncoder().encode(`${header}.${claims}`),
    }
  } catch {
    return null // neither base64url nor JSON
  }
}

function jsonIn(part: string): unknown {
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(octetsOf(part)))
}

function octetsOf(part: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]+$/.test(part)) throw new TypeError()
  const binary = atob(part.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}
