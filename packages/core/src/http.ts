import { within } from './deadline.ts'
import { DanceError } from './errors.ts'

/** How long and how large an answer may be. */
export interface HttpLimits {
  /** Octets of the body. */
  readonly cap: number
  /** Milliseconds for the whole exchange, the body included; the dance's `timeout` by default. */
  readonly deadline?: number
}

/** Requests of the dance's own: token, metadata, keys, profile, revocation. */
export interface Http {
  /** Milliseconds a caller waits, unless a request says otherwise. */
  readonly timeout: number
  /**
   * Sends one request and reads its whole body. Redirects are never followed.
   * Throws `address_refused`, `provider_timeout`, `provider_unreachable`, `provider_bad_response`.
   */
  send(url: string, init: RequestInit, limits: HttpLimits): Promise<Response>
}

/** Octets of a token answer. */
export const tokenCap = 65_536
/** Milliseconds a refresh's token request may take: longer than callers wait, so that no answer is lost. */
export const sendDeadline = 30_000
/** Octets of any other answer. */
export const documentCap = 1_048_576

/** Makes the one place from which the dance itself asks the network. */
export function createHttp(o: {
  fetch: typeof fetch
  timeout: number
  allow: ((url: URL) => boolean) | undefined
}): Http {
  return {
    timeout: o.timeout,
    send(url, init, { cap, deadline = o.timeout }) {
      const address = new URL(url)
      if (!isSecureAddress(address) || o.allow?.(address) === false) {
        const message = `Cannot ask ${address.origin}: the address is not allowed`
        return Promise.reject(new DanceError('address_refused', message))
      }
      return exchange(o.fetch, address, init, cap, deadline)
    },
  }
}

/** Whether a URL is https, or http on this very machine, and holds no credentials. */
export function isSecureAddress(url: URL): boolean {
  if (url.username !== '' || url.password !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
}

/** Whether a host name is this very machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'
}

function exchange(
  send: typeof fetch,
  url: URL,
  init: RequestInit,
  cap: number,
  deadline: number,
): Promise<Response> {
  const stop = new AbortController()
  const answered = readWhole(send, url, { ...init, redirect: 'manual', signal: stop.signal }, cap)
  // A race, not only a signal: a fetch that ignores its signal must not hold us either
  return within(answered, deadline, () => {
    stop.abort()
    const message = `Cannot get an answer from ${url.host}: none came within ${deadline} ms`
    return new DanceError('provider_timeout', message)
  })
}

async function readWhole(
  send: typeof fetch,
  url: URL,
  init: RequestInit,
  cap: number,
): Promise<Response> {
  try {
    const response = await send(url.href, init)
    const body = await readBody(response, cap, () => {
      const message = `Cannot read the answer of ${url.host}: it is larger than ${cap} octets`
      return new DanceError('provider_bad_response', message)
    })
    return new Response(body.byteLength > 0 ? body : null, response)
  } catch (error) {
    if (error instanceof DanceError) throw error
    throw unreachable(url, error)
  }
}

/** Reads a whole body; one above the cap, in octets, is given up and throws what `tooLarge` makes. */
export async function readBody(
  { body }: Request | Response,
  cap: number,
  tooLarge: () => DanceError,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = body?.getReader()
  if (!reader) return new Uint8Array()
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.byteLength
    if (size > cap) {
      reader.cancel().catch(() => {}) // it is refused whatever cancelling does
      throw tooLarge()
    }
    chunks.push(part.value)
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer())
}

/** A request that failed before it was answered. */
export function unreachable(url: URL, error: unknown): DanceError {
  const cause = { name: error instanceof Error ? error.name : typeof error }
  const message = `Cannot reach ${url.host}: the request failed`
  return new DanceError('provider_unreachable', message, { cause })
}
