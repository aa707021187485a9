import { fromBase64url } from '../base64url.ts'
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
      signature: fromBase64url(signature),
      signed: new TextEncoder().encode(`${header}.${claims}`),
    }
  } catch {
    return null // no JSON, and where it is no base64url there is none
  }
}

function jsonIn(part: string): unknown {
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(fromBase64url(part)))
}
