import type { FaultScript } from './faults.ts'
import { type Endpoint, endpointOf, serve } from './serve.ts'
import type { Server } from './server.ts'
import { spoil } from './spoil.ts'

const redirectLimit = 20

/** What a fake provider was asked, by endpoint; `elsewhere` is what it does not serve. */
export type RequestLog = { readonly [E in Endpoint | 'elsewhere']: Request[] }

/**
 * The provider as a `fetch` function. A host it does not serve fails as one that does not resolve; redirects are
 * followed as `redirect` says, except those back to the app, which it cannot reach: they are handed over.
 */
export function createFakeFetch(
  server: Server,
  faults: FaultScript,
  requests: RequestLog,
): typeof globalThis.fetch {
  return async (input, init) => {
    const mode = init?.redirect ?? (input instanceof Request ? input.redirect : 'follow')
    let request = new Request(input, init)
    for (let hop = 0; hop <= redirectLimit; hop += 1) {
      const response = await answerOne(server, faults, requests, request)
      const target = redirectTarget(response, request)
      if (target === undefined || mode === 'manual' || isAnswerToApp(server, request))
        return response
      if (mode === 'error') break
      request = followUp(request, response.status, target)
    }
    throw new TypeError('fetch failed')
  }
}

async function answerOne(
  server: Server,
  faults: FaultScript,
  requests: RequestLog,
  request: Request,
): Promise<Response> {
  const { signal } = request
  signal.throwIfAborted()
  const path = pathBelow(server, request.url)
  const endpoint = path === undefined ? undefined : endpointOf(server, path)
  requests[endpoint ?? 'elsewhere'].push(request.clone())
  if (path === undefined) throw new TypeError('fetch failed')
  if (endpoint === undefined) return new Response('Not found', { status: 404 })
  const fault = faults.take(endpoint, path)
  // Not text(): workerd warns of a form read that way.
  const body = new TextDecoder().decode(await request.arrayBuffer())
  const work = () => serve(server, endpoint, { request, path, body })
  const answer = fault === undefined ? work() : spoil(fault, endpoint, work, signal)
  return untilAborted(answer, signal)
}

/** Not AbortSignal.any(): some edge runtimes lack it. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    const forget = () => signal.removeEventListener('abort', abort)
    promise.then(resolve, reject).finally(forget)
  })
}

/** The path below the issuer; undefined for a URL that is not the provider's. */
function pathBelow(server: Server, url: string): string | undefined {
  const { origin, pathname } = new URL(url)
  const base = new URL(server.issuer)
  const prefix = base.pathname === '/' ? '' : base.pathname
  const isOurs = origin === base.origin && `${pathname}/`.startsWith(`${prefix}/`)
  return isOurs ? pathname.slice(prefix.length) : undefined
}

function isAnswerToApp(server: Server, request: Request): boolean {
  return pathBelow(server, request.url) === '/authorize'
}

function redirectTarget(response: Response, request: Request): URL | undefined {
  const location = response.headers.get('location')
  const isRedirect = [301, 302, 303, 307, 308].includes(response.status)
  return isRedirect && location !== null ? new URL(location, request.url) : undefined
}

/** The next request of a redirect chain, as the Fetch standard makes it (HTTP-redirect fetch). */
function followUp(request: Request, status: number, target: URL): Request {
  const headers = new Headers(request.headers)
  if (target.origin !== new URL(request.url).origin) {
    headers.delete('authorization')
    headers.delete('cookie')
  }
  const becomesGet = status === 303 || (status < 303 && request.method === 'POST')
  const method = becomesGet ? 'GET' : request.method
  // A body was read by the endpoint that redirects: 307 and 308 repeat a method, here without one.
  return new Request(target, { method, headers, signal: request.signal })
}
