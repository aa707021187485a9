import { within } from './deadline.ts'
import { DanceError, kindOf } from './errors.ts'

/** How long and how large an answer may be. */
export interface HttpLimits {
  /** Octets of the body: 1 MiB by default. */
  readonly cap?: number
  /** Milliseconds for the whole exchange, the body included; the dance's `timeout` by default. */
  readonly deadline?: number | undefined
}

/** Requests of the dance's own: token, metadata, keys, profile, revocation. */
export interface Http {
  /** Milliseconds a caller waits, unless a request says otherwise. */
  readonly timeout: number
  /**
   * Sends one request and reads its whole body. Redirects are never followed.
   * Throws `address_refused`, `provider_timeout`, `provider_unreachable`, `provider_bad_response`.
   */
  send(url: string, init: RequestInit, limits?: HttpLimits): Promise<Response>
}

/** What asks the network, and what judges every address before it is asked. */
export interface Network {
  readonly fetch: typeof fetch
  readonly allow: ((url: URL) => boolean) | undefined
}

/** Milliseconds a refresh's token request may take: longer than callers wait, so that no answer is lost. */
export const sendDeadline = 30_000

/** Makes the one place from which the dance itself asks the network. */
export function createHttp({ fetch, allow, timeout }: Network & { timeout: number }): Http {
  const secure = { fetch, allow: (url: URL) => isSecureAddress(url) && allow?.(url) !== false }
  return {
    timeout,
    async send(url, init, { cap = 1_048_576, deadline = timeout } = {}) {
      const address = new URL(url)
      const stop = new AbortController()
      const exchange = () => ask(secure, address, { ...init, signal: stop.signal }, cap)
      // A race, not only a signal: a fetch that ignores its signal must not hold us either
      return within(exchange, deadline, () => {
        stop.abort()
        const message = `Cannot reach ${address.host}: no answer within ${deadline} ms`
        return new DanceError('provider_timeout', message)
      })
    },
  }
}

/** Sends one request, without following redirects; with a cap, in octets, its whole body is read. */
export async function ask(
  { fetch, allow }: Network,
  url: URL,
  init: RequestInit,
  cap?: number,
): Promise<Response> {
  if (allow?.(url) === false) {
    throw new DanceError('address_refused', `Cannot ask ${url.origin}: the address is not allowed`)
  }
  try {
    const response = await fetch(url.href, { ...init, redirect: 'manual' })
    if (cap === undefined) return response
    const body = await readBody(response, cap)
    if (body) return new Response(body.size > 0 ? body : null, response)
  } catch (error) {
    if (init.signal?.aborted) throw error
    const cause = { name: kindOf(error) }
    const message = `Cannot reach ${url.host}: the request failed`
    throw new DanceError('provider_unreachable', message, { cause })
  }
  const message = `Cannot read the answer of ${url.host}: it is larger than ${cap} octets`
  throw new DanceError('provider_bad_response', message)
}

/** Reads a whole body; one above the cap, in octets, is given up and null. */
export async function readBody({ body }: Request | Response, cap: number): Promise<Blob | null> {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  const reader = body?.getReader()
  let size = 0
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    size += part.value.byteLength
    if (size > cap) {
      reader?.cancel().catch(() => {}) // it is refused whatever cancelling does
      return null
    }
    chunks.push(part.value)
  }
  return new Blob(chunks)
}

/** Whether an address is an absolute URL without credentials: https, or http on this very machine. */
export function isSecureAddress(address: URL | string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname, username, password } = new URL(address)
  if (username || password) return false
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
}

/** Whether a host name is this very machine. */
export function isLoopback(hostname: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}
