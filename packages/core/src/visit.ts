import { DanceError } from './errors.ts'
import type { Config } from './options.ts'
import { type Origin, resolveOrigin } from './origin.ts'
import type { Flow, Owner } from './record-shapes.ts'
import type { Cookies, TokenStorage } from './storage.ts'
import type { VisitContext } from './types.ts'
import { createVisitCookies, type VisitCookies } from './visit-cookies.ts'

/** One request being served, as the dance's own parts see it. */
export interface VisitState {
  readonly request: Request
  readonly context: VisitContext
  /** What a handler adds to the answer. */
  readonly headers: Headers
  readonly cookies: VisitCookies
  readonly storage: TokenStorage
  /** Throws `origin_missing`, `origin_not_allowed`. */
  origin(): Origin
  /** Whether a cookie can still be set. */
  readonly open: boolean
  /** Adds cookies and handlers' headers to a response, once and on a copy. */
  commit(response: Response): Response
  /** Forgets what handlers added so far. */
  dropHeaders(): void
  /** The owner, once it was looked up or named. */
  owner?: Promise<Owner> | undefined
  /** The login under way, once an answer's state was found to be ours. */
  flow?: Flow
}

/** Opens a visit. Nothing is read before it is needed. */
export function createVisit(config: Config, request: Request, context: VisitContext): VisitState {
  let origin: Origin | undefined
  let storage: TokenStorage | undefined
  let committed = false
  const visit: VisitState = {
    request,
    context,
    headers: new Headers(),
    get open() {
      return !committed && context.readOnly !== true
    },
    get cookies() {
      return cookies
    },
    get storage() {
      storage ??= openStorage(config, cookies)
      return storage
    },
    origin() {
      origin ??= resolveOrigin(config, request)
      return origin
    },
    commit(response) {
      committed = true
      const outgoing = cookies.outgoing()
      if ((outgoing.length === 0 && isEmpty(visit.headers)) || !canCopy(response)) return response
      const copy = addHeaders(response, visit.headers, outgoing)
      cookies.sent() // not before: a response whose body was read cannot be copied
      visit.dropHeaders()
      return copy
    },
    dropHeaders() {
      for (const name of [...visit.headers.keys()]) visit.headers.delete(name)
    },
  }
  const cookies = createVisitCookies(config, request.headers.get('cookie') ?? '', visit)
  return visit
}

function openStorage({ storage }: Config, cookies: Cookies): TokenStorage {
  try {
    return typeof storage === 'function' ? storage(cookies) : storage
  } catch (error) {
    if (error instanceof DanceError) throw error
    throw new DanceError('storage_failed', 'Cannot use the storage: the option threw')
  }
}

// A cookie of ours makes an answer this visitor's own: no cache may keep it.
function addHeaders(response: Response, headers: Headers, cookies: readonly string[]): Response {
  const copy = new Response(response.body, response)
  for (const [name, value] of headers) {
    if (name === 'set-cookie') copy.headers.append(name, value)
    else copy.headers.set(name, value)
  }
  if (cookies.length === 0) return copy
  for (const cookie of cookies) copy.headers.append('set-cookie', cookie)
  if (!/\bno-store\b/.test(copy.headers.get('cache-control') ?? '')) {
    copy.headers.set('cache-control', 'private, no-store')
  }
  // RFC 9213: what is said to certain caches beats Cache-Control there
  for (const name of [...copy.headers.keys()]) {
    if (/^surrogate-control$|-cache-control$/.test(name)) copy.headers.delete(name)
  }
  copy.headers.append('vary', 'Cookie')
  return copy
}

// A protocol switch and a network error cannot be rebuilt.
function canCopy(response: Response): boolean {
  return response.status >= 200 && response.status <= 599
}

function isEmpty(headers: Headers): boolean {
  return headers.keys().next().done === true
}
