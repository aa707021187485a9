import {
  acceptCookie,
  isSecureUrl,
  isSent,
  pathMatches,
  type Site,
  type StoredCookie,
} from './jar/cookie-rules.ts'
import { makeRequest, type SendOptions } from './jar/make-request.ts'
import { parseSetCookie } from './jar/set-cookie.ts'

/** What stands behind `Request -> Response`: an app, `dance.handle`, what `dance.wrap` returns. */
export type App = (request: Request) => Response | Promise<Response>

/** A browser's cookies. */
export interface CookieJar {
  /** The Cookie header it would send to a URL; without one, every cookie it holds. */
  header(url?: string | URL, o?: { site?: Site; method?: string }): string
  /**
   * Sends one request with the jar's cookies and keeps those of the answer; redirects are not followed. A string is
   * visited as a person does who types a URL; a Request is sent as it is.
   */
  send(app: App, input: string | Request, o?: SendOptions): Promise<Response>
  /** Keeps the cookies of a response that came from a URL. */
  store(response: Response, url: string | URL, o?: { site?: Site }): void
  /** The value of a cookie; undefined if there is none of that name. */
  get(name: string): string | undefined
  /** Every cookie it holds, in the order in which they are sent. */
  cookies(): StoredCookie[]
  /** Deletes the cookies of a name. */
  delete(name: string): void
  /** The Set-Cookie headers it dropped, and why: a browser drops them silently. */
  readonly refused: { readonly header: string; readonly reason: string }[]
  /** A second jar with the same cookies: a stolen one, or one from before. */
  copy(): CookieJar
}

const hostLimit = 50

/**
 * A cookie jar that keeps, sends and drops cookies as browsers do (RFC 6265bis): prefixes, Secure with loopback as a
 * secure origin, SameSite, sizes, lifetimes, order, at most 50 cookies a host.
 *
 * @returns An empty jar: one visitor's browser.
 * @example
 * ```ts
 * import { cookieJar } from '@fetch-dance/testing'
 *
 * const jar = cookieJar()
 * const app = () => new Response('hi', { headers: { 'set-cookie': '__Host-a=1; Secure; Path=/' } })
 * await jar.send(app, 'https://app.test/')
 * console.log(jar.header()) // __Host-a=1
 * ```
 */
export function cookieJar(): CookieJar {
  return createJar([])
}

function createJar(initial: readonly StoredCookie[]): CookieJar {
  let kept = [...initial]
  let order = initial.length
  const refused: { header: string; reason: string }[] = []
  const live = () => kept.filter(({ expiresAt }) => expiresAt === null || expiresAt > Date.now())
  const sorted = () => live().sort(sendingOrder)

  function keep(header: string, url: URL, source: { site: Site; navigation: boolean }): void {
    const parsed = parseSetCookie(header)
    const accepted = typeof parsed === 'string' ? parsed : acceptCookie(parsed, url, source)
    const reason = typeof accepted === 'string' ? accepted : shadowFault(accepted, live(), url)
    if (typeof accepted === 'string' || reason !== undefined) {
      refused.push({ header, reason: reason ?? '' })
      return
    }
    const old = live().find((cookie) => isSame(cookie, accepted))
    order += 1
    const age = old ?? { createdAt: Date.now(), order }
    kept = kept.filter((cookie) => cookie !== old)
    kept.push({ ...accepted, createdAt: age.createdAt, order: age.order })
    kept = withinLimit(live(), accepted.domain)
  }

  const jar: CookieJar = {
    refused,
    header(url, o = {}) {
      const { site = 'same-origin', method = 'GET' } = o
      const request = { site, method, navigation: true }
      const target = url === undefined ? undefined : new URL(url)
      const chosen = sorted().filter(
        (cookie) => target === undefined || isSent(cookie, target, request),
      )
      return chosen.map(({ name, value }) => (name === '' ? value : `${name}=${value}`)).join('; ')
    },
    async send(app, input, o = {}) {
      const { request, site, navigation } = makeRequest(input, o, (url, from) =>
        sorted()
          .filter((cookie) => isSent(cookie, url, from))
          .map(({ name, value }) => (name === '' ? value : `${name}=${value}`))
          .join('; '),
      )
      // Read before the app sees the request, which it may consume.
      const url = new URL(request.url)
      const response = await app(request)
      for (const header of response.headers.getSetCookie()) keep(header, url, { site, navigation })
      return response
    },
    store(response, url, { site = 'same-origin' } = {}) {
      for (const header of response.headers.getSetCookie()) {
        keep(header, new URL(url), { site, navigation: true })
      }
    },
    get: (name) => sorted().find((cookie) => cookie.name === name)?.value,
    cookies: sorted,
    delete(name) {
      kept = kept.filter((cookie) => cookie.name !== name)
    },
    copy: () => createJar(kept),
  }
  return jar
}

/** Longer paths first, then older cookies (RFC 6265bis, section 5.8.3). */
function sendingOrder(a: StoredCookie, b: StoredCookie): number {
  return b.path.length - a.path.length || a.createdAt - b.createdAt || a.order - b.order
}

function isSame(a: StoredCookie, b: Omit<StoredCookie, 'createdAt' | 'order'>): boolean {
  return (
    a.name === b.name && a.domain === b.domain && a.hostOnly === b.hostOnly && a.path === b.path
  )
}

/** An insecure origin cannot shadow a Secure cookie (RFC 6265bis, section 5.7: "leave secure cookies alone"). */
function shadowFault(
  cookie: Omit<StoredCookie, 'createdAt' | 'order'>,
  others: readonly StoredCookie[],
  url: URL,
): string | undefined {
  if (cookie.secure || isSecureUrl(url)) return undefined
  const isShadowed = others.some(
    (other) =>
      other.secure &&
      other.name === cookie.name &&
      (other.domain === cookie.domain ||
        other.domain.endsWith(`.${cookie.domain}`) ||
        cookie.domain.endsWith(`.${other.domain}`)) &&
      pathMatches(cookie.path, other.path),
  )
  return isShadowed ? 'it would shadow a Secure cookie' : undefined
}

/** Too many for one host: the oldest go, those that are not Secure first. */
function withinLimit(cookies: StoredCookie[], domain: string): StoredCookie[] {
  const ofHost = cookies.filter((cookie) => cookie.domain === domain)
  const surplus = ofHost
    .sort(
      (a, b) =>
        Number(a.secure) - Number(b.secure) || a.createdAt - b.createdAt || a.order - b.order,
    )
    .slice(0, Math.max(0, ofHost.length - hostLimit))
  return cookies.filter((cookie) => !surplus.includes(cookie))
}
