import { streamOf } from '../app/stream-of.ts'
import type { RecordedRequest } from '../requests/request.ts'

/** A request with everything filled in: what goes over the wire. */
export interface WireRequest extends Pick<RecordedRequest, 'method' | 'target' | 'headers'> {
  /** Its pieces; an empty list is no body. */
  readonly pieces: readonly string[]
  /** Whether it is sent piece by piece, its length unsaid. */
  readonly streams: boolean
}

/** What came back over the wire. */
export interface WireAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

/** The request as a runtime hands it to a handler that runs in this process. */
export function toRequest({ method, target, headers, pieces, streams }: WireRequest): Request {
  const url = target.startsWith('/') ? `https://app.test${target}` : target
  const init = { method, headers: headers.map(([name, value]): [string, string] => [name, value]) }
  if (pieces.length === 0 || /^(get|head)$/i.test(method)) return new Request(url, init)
  // octets, not a text: with that a Request would say its type
  if (!streams)
    return new Request(url, { ...init, body: new TextEncoder().encode(pieces.join('')) })
  // half: undici wants it said, and the DOM's types do not know it
  return new Request(url, { ...init, body: streamOf(pieces), duplex: 'half' } as RequestInit)
}

/** An answer that came from a handler in this process. */
export async function readAnswer(response: Response): Promise<WireAnswer> {
  const { status, headers } = response
  return { status, headers, body: await response.text() }
}
