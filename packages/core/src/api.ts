import { DanceError } from './errors.ts'
import type { Token } from './facts.ts'
import { ask, isSecureAddress, type Network } from './http.ts'
import type { ProviderClient } from './protocol/protocol.ts'

const mostHops = 5
/** Headers that never follow to another origin. */
const ownHeaders = ['authorization', 'proxy-authorization', 'cookie', 'cookie2', 'dpop']

/** One API call, ready to be sent more than once where its body allows. */
export interface ApiCall {
  readonly url: URL
  readonly method: string
  readonly headers: Headers
  readonly body: BodyInit | null
  /** Whether the body can be sent again: a stream cannot. */
  readonly repeatable: boolean
  /** Whether the address is one of the provider's declared origins. */
  readonly declared: boolean
  readonly init: RequestInit
}

/** What came of an API call. */
export interface ApiAnswer {
  readonly response: Response
  /** Whether the API itself answered: another host, reached by a redirect, says nothing about the token. */
  readonly own: boolean
}

/**
 * Reads what a caller of `connection.fetch` wants. A path, also one that begins with two slashes, is joined to the
 * path of `apiBase`. Throws `option_invalid` where the provider has none.
 */
export function prepareCall(
  client: ProviderClient,
  input: string | URL | Request,
  init: RequestInit = {},
): ApiCall {
  const request = input instanceof Request ? input : null
  const url = addressOf(client, request ? request.url : String(input))
  const body = init.body ?? request?.body ?? null
  const declared = isDeclared(client, url)
  const headers = new Headers(declared ? client.facts.apiHeaders : {})
  for (const [name, value] of new Headers(init.headers ?? request?.headers)) {
    headers.set(name, value)
  }
  return {
    url,
    method: (init.method ?? request?.method ?? 'GET').toUpperCase(),
    headers,
    body,
    repeatable: !(body instanceof ReadableStream),
    declared,
    init: { ...(request && { signal: request.signal, redirect: request.redirect }), ...init },
  }
}

/**
 * Sends one API call and follows its redirects. Credentials are added anew at every hop, and only for the provider's
 * declared origins; once a redirect has left them, they are not added again.
 *
 * @param token Null sends no credentials at all.
 * Throws `address_refused`, `provider_unreachable`, `provider_bad_response`, and the caller's own abort.
 */
export async function sendCall(
  network: Network,
  client: ProviderClient,
  token: Token | null,
  call: ApiCall,
): Promise<ApiAnswer> {
  let { url, method, headers, body } = call
  let trusted = token
  for (let hops = 0; ; hops++) {
    if (!isDeclared(client, url)) trusted = null
    const response = await ask(network, url, {
      ...call.init,
      method,
      headers: trusted
        ? await client.protocol.authorize(trusted, { method, url, headers, body })
        : headers,
      body,
      // a stream needs it, and the type of RequestInit does not know it everywhere
      ...(body instanceof ReadableStream && { duplex: 'half' }),
    })
    const answer = { response, own: trusted !== null }
    const next = redirectOf(response, url, call.init, hops)
    if (!next) return answer
    if (response.status === 303 || (response.status < 303 && method === 'POST')) {
      if (method !== 'HEAD') method = 'GET'
      body = null
      headers = without(headers, ['content-type', 'content-length', 'content-encoding'])
    }
    if (body instanceof ReadableStream) return answer // it is spent
    await response.body?.cancel()
    if (next.origin !== url.origin) {
      headers = without(headers, [...ownHeaders, ...Object.keys(client.facts.apiHeaders ?? {})])
    }
    url = next
  }
}

/** Whether a URL may get the provider's credentials: https (http on loopback) and a declared origin. */
function isDeclared({ facts }: ProviderClient, url: URL): boolean {
  const declared = facts.apiOrigins ?? (facts.apiBase === undefined ? [] : [facts.apiBase])
  return isSecureAddress(url) && declared.some((origin) => new URL(origin).origin === url.origin)
}

function addressOf({ name, facts }: ProviderClient, input: string): URL {
  if (/^[a-z][a-z0-9+.-]*:/i.test(input)) return new URL(input)
  if (facts.apiBase !== undefined) {
    return new URL(`${facts.apiBase.replace(/\/+$/, '')}/${input.replace(/^\//, '')}`)
  }
  const message = `Cannot call "${input.slice(0, 200)}": provider "${name}" has no "apiBase"`
  throw new DanceError('option_invalid', message)
}

/** Where a response redirects to; null if it does not, or the caller wants to see it. */
function redirectOf(
  { headers, status }: Response,
  url: URL,
  { redirect }: RequestInit,
  hops: number,
): URL | null {
  const location = headers.get('location')
  if (location === null || ![301, 302, 303, 307, 308].includes(status)) return null
  if (redirect === 'manual') return null
  if (redirect !== 'error' && hops < mostHops && URL.canParse(location, url)) {
    const next = new URL(location, url)
    if (/^https?:$/.test(next.protocol)) return next
  }
  const message = `Cannot call ${url.host}: it redirects to nowhere good, or too often`
  throw new DanceError('provider_bad_response', message)
}

function without(headers: Headers, names: readonly string[]): Headers {
  const copy = new Headers(headers)
  for (const name of names) copy.delete(name)
  return copy
}
