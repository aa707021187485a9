import { bearerRefusal, errorAnswer } from './answers.ts'
import type { Fault } from './faults.ts'

/** Answers as a fault says; `work` is the true answer. Hangs and drips end with the signal. */
export async function spoil(
  fault: Fault,
  endpoint: string,
  work: () => Promise<Response>,
  signal: AbortSignal,
): Promise<Response> {
  const own = ownAnswer(fault, endpoint)
  const needsWork = fault.afterwards === true || (own === undefined && !isSilent(fault))
  const worked = needsWork ? await work() : undefined
  if (fault.delay !== undefined) await pause(fault.delay, signal)
  if (fault.networkError === true) throw new TypeError('fetch failed')
  if (fault.hang === true) await pause(undefined, signal)
  const answer = own ?? worked ?? (await work())
  return fault.drip === undefined ? answer : dripped(answer, fault.drip, signal)
}

/** Waits for so many milliseconds, or for ever; rejects with the signal's reason. */
export function pause(milliseconds: number | undefined, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const finish = () => {
      signal.removeEventListener('abort', abort)
      resolve()
    }
    const timer = milliseconds === undefined ? undefined : setTimeout(finish, milliseconds)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}

function isSilent({ networkError, hang }: Fault): boolean {
  return networkError === true || hang === true
}

function ownAnswer(fault: Fault, endpoint: string): Response | undefined {
  const { status, body, headers, redirect, huge } = fault
  if (redirect !== undefined) {
    return new Response(null, {
      status: status ?? 302,
      headers: { ...headers, location: redirect },
    })
  }
  if (huge !== undefined) {
    return new Response(hugeBody(huge), {
      status: status ?? 200,
      headers: { 'content-type': 'application/json', ...headers },
    })
  }
  if (body !== undefined) return bodyAnswer(body, status ?? 200, headers)
  return status === undefined ? undefined : withHeaders(usualAnswer(status, endpoint), headers)
}

function bodyAnswer(body: unknown, status: number, headers: Fault['headers']): Response {
  const isText = typeof body === 'string'
  const type = isText ? 'text/plain; charset=utf-8' : 'application/json'
  const text = isText ? body : JSON.stringify(body)
  const isBodiless = [204, 205, 304].includes(status)
  return new Response(isBodiless ? null : text, {
    status,
    headers: { 'content-type': type, ...headers },
  })
}

/** What a provider says with a status, where the fault gives no body. */
function usualAnswer(status: number, endpoint: string): Response {
  if (endpoint === 'token' || endpoint === 'revoke') {
    if (status === 400) return errorAnswer('invalid_grant', 'A fault')
    if (status === 401) return errorAnswer('invalid_client', 'A fault', 401)
  }
  if (endpoint === 'api' || endpoint === 'userinfo') {
    if (status === 401) return bearerRefusal('invalid_token')
    if (status === 403) return bearerRefusal('insufficient_scope')
  }
  return bodyAnswer(`A fault: ${status}`, status, undefined)
}

function withHeaders(response: Response, headers: Fault['headers'] = {}): Response {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  return response
}

function hugeBody(size: number): ReadableStream<Uint8Array> {
  const head = new TextEncoder().encode('{"access_token":"')
  const tail = new TextEncoder().encode('"}')
  const chunk = new Uint8Array(65_536).fill(97)
  let left = size - head.length - tail.length
  return new ReadableStream({
    start(controller) {
      controller.enqueue(head)
    },
    pull(controller) {
      if (left > 0) {
        controller.enqueue(chunk.slice(0, left))
        left -= chunk.length
        return
      }
      controller.enqueue(tail)
      controller.close()
    },
  })
}

async function dripped(answer: Response, every: number, signal: AbortSignal): Promise<Response> {
  const octets = new Uint8Array(await answer.arrayBuffer())
  let next = 0
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (next >= octets.length) return controller.close()
      await pause(every, signal)
      controller.enqueue(octets.slice(next, next + 1))
      next += 1
    },
  })
  return new Response(body, { status: answer.status, headers: answer.headers })
}
