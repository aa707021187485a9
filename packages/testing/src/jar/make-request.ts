import type { Site } from './cookie-rules.ts'

/** How `jar.send` visits a URL given as a string. */
export interface SendOptions {
  /** `GET` unless given. */
  readonly method?: string
  /** Added to, and stronger than, what a browser says of itself. */
  readonly headers?: HeadersInit
  readonly body?: BodyInit
  /** Who leads there. Unless given: `none`, a typed URL; for other methods `same-origin`, a form of the app. */
  readonly site?: Site
}

type Source = { site: Site; method: string; navigation: boolean }

/** Makes the request a browser would send, the Cookie header that `cookies` answers included. */
export function makeRequest(
  input: string | Request,
  o: SendOptions,
  cookies: (url: URL, source: Source) => string,
): { request: Request; site: Site; navigation: boolean } {
  const plain = typeof input === 'string' ? navigate(input, o) : new Request(input, changesOf(o))
  const headers = new Headers(plain.headers)
  const navigation = (headers.get('sec-fetch-mode') ?? 'navigate') === 'navigate'
  const site = readSite(headers.get('sec-fetch-site'))
  const jarred = cookies(new URL(plain.url), { site, method: plain.method, navigation })
  const cookie = [headers.get('cookie') ?? '', jarred].filter((part) => part !== '').join('; ')
  if (cookie !== '') headers.set('cookie', cookie)
  return { request: withHeaders(plain, headers), site, navigation }
}

function navigate(input: string, o: SendOptions): Request {
  const url = new URL(input)
  const method = o.method?.toUpperCase() ?? 'GET'
  const site = o.site ?? (method === 'GET' ? 'none' : 'same-origin')
  const headers = new Headers({
    accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
    'sec-fetch-site': site,
    ...(method !== 'GET' && site === 'same-origin' ? { origin: url.origin } : {}),
  })
  for (const [name, value] of new Headers(o.headers)) headers.set(name, value)
  return new Request(url, { method, headers, ...(o.body === undefined ? {} : { body: o.body }) })
}

function changesOf(o: SendOptions): RequestInit {
  return {
    ...(o.method === undefined ? {} : { method: o.method }),
    ...(o.headers === undefined ? {} : { headers: o.headers }),
    ...(o.body === undefined ? {} : { body: o.body }),
  }
}

/** Some runtimes refuse a Cookie header to a Request, as browsers do: there its headers are put in its place. */
function withHeaders(request: Request, headers: Headers): Request {
  const made = new Request(request, { headers })
  if (made.headers.get('cookie') !== headers.get('cookie')) {
    Object.defineProperty(made, 'headers', { value: headers })
  }
  return made
}

function readSite(header: string | null): Site {
  const sites: readonly Site[] = ['none', 'same-origin', 'same-site', 'cross-site']
  return sites.find((site) => site === header) ?? 'same-origin'
}
