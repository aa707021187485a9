import { DanceError } from './errors.ts'
import type { Token } from './facts.ts'
import { isSecureAddress, unreachable } from './http.ts'
import type { Config } from './options.ts'
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
  return {
    url,
    method: (init.method ?? request?.method ?? 'GET').toUpperCase(),
    headers: new Headers(init.headers ?? request?.headers),
    body,
    repeatable: !(body instanceof ReadableStream),
    declared: isDeclared(client, url),
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
  config: Config,
  client: ProviderClient,
  token: Token | null,
  call: ApiCall,
): Promise<ApiAnswer> {
  let { url, method, body } = call
  let headers = withApiHeaders(client, call)
  let trusted = token
  for (let hop = 0; ; hop++) {
    if (!isDeclared(client, url)) trusted = null
    const authorized = trusted
      ? await client.protocol.authorize(trusted, { method, url, headers, body })
      : headers
    const response = await sendHop(config, call, url, { method, headers: authorized, body })
    const next = redirectOf(response, url, call)
    const answer = { response, own: trusted !== null }
    if (!next) return answer
    if (hop === mostHops) throw badRedirect(url)
    if (response.status === 303 || (response.status < 303 && method === 'POST')) {
      if (method !== 'HEAD') method = 'GET'
      body = null
      headers = without(headers, ['content-type', 'content-length', 'content-encoding'])
    }
    if (body !== null && !call.repeatable) return answer
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
  if (facts.apiBase === undefined) {
    const message = `Cannot call "${input.slice(0, 200)}": provider "${name}" has no "apiBase"; give an absolute URL`
    throw new DanceError('option_invalid', message)
  }
  return new URL(`${facts.apiBase.replace(/\/+$/, '')}${input.startsWith('/') ? '' : '/'}${input}`)
}

function withApiHeaders(client: ProviderClient, call: ApiCall): Headers {
  const headers = new Headers(call.declared ? client.facts.apiHeaders : {})
  for (const [name, value] of call.headers) headers.set(name, value)
  return headers
}

async function sendHop(
  config: Config,
  call: ApiCall,
  url: URL,
  hop: { method: string; headers: Headers; body: BodyInit | null },
): Promise<Response> {
  if (config.allow?.(url) === false) {
    const message = `Cannot call ${url.origin}: the address is not allowed`
    throw new DanceError('address_refused', message)
  }
  // A body that is a stream needs `duplex`, which the type of RequestInit does not know everywhere
  const streaming = call.repeatable || hop.body === null ? {} : { duplex: 'half' }
  try {
    return await config.fetch(url.href, { ...call.init, ...hop, ...streaming, redirect: 'manual' })
  } catch (error) {
    if (call.init.signal?.aborted) throw error
    throw unreachable(url, error)
  }
}

function redirectOf(response: Response, url: URL, call: ApiCall): URL | null {
  const location = response.headers.get('location')
  if (location === null || ![301, 302, 303, 307, 308].includes(response.status)) return null
  const { redirect = 'follow' } = call.init
  if (redirect === 'manual') return null
  if (redirect === 'error') throw badRedirect(url)
  if (!URL.canParse(location, url)) throw badRedirect(url)
  const next = new URL(location, url)
  if (!/^https?:$/.test(next.protocol)) throw badRedirect(url)
  return next
}

function badRedirect(url: URL): DanceError {
  const message = `Cannot call ${url.host}: it redirects to nowhere good, or too often`
  return new DanceError('provider_bad_response', message)
}

function without(headers: Headers, names: readonly string[]): Headers {
  const copy = new Headers(headers)
  for (const name of names) copy.delete(name)
  return copy
}
