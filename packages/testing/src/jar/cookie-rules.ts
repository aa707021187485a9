import type { SetCookie } from './set-cookie.ts'

/** A cookie as the jar keeps it. Times are milliseconds since epoch. */
export interface StoredCookie extends SetCookie {
  /** The host it belongs to. */
  readonly domain: string
  /** Sent to that very host only. */
  readonly hostOnly: boolean
  readonly createdAt: number
  /** Grows with every cookie: tells which of two made in one millisecond is older. */
  readonly order: number
}

/** Where a request comes from, as `Sec-Fetch-Site` says it. */
export type Site = 'none' | 'same-origin' | 'same-site' | 'cross-site'

const laxUnsafeLife = 120_000

/** The cookie that a Set-Cookie makes at a URL (RFC 6265bis, section 5.7); a string is the reason why it is dropped. */
export function acceptCookie(
  parsed: SetCookie,
  url: URL,
  source: { site: Site; navigation: boolean },
): Omit<StoredCookie, 'createdAt' | 'order'> | string {
  const host = url.hostname
  // A host of one label, localhost say, may name itself: that is no public suffix.
  const hostOnly = parsed.domain === '' || (parsed.domain === host && !host.includes('.'))
  const reason = faultOf(parsed, url, hostOnly, source)
  if (reason !== undefined) return reason
  const path = parsed.path.startsWith('/') ? parsed.path : defaultPath(url.pathname)
  return { ...parsed, domain: hostOnly ? host : parsed.domain, hostOnly, path }
}

function faultOf(
  parsed: SetCookie,
  url: URL,
  hostOnly: boolean,
  { site, navigation }: { site: Site; navigation: boolean },
): string | undefined {
  if (!hostOnly && !parsed.domain.includes('.')) return 'its Domain is a public suffix'
  if (!hostOnly && !domainMatches(url.hostname, parsed.domain))
    return 'its Domain is not of this host'
  if (parsed.secure && !isSecureUrl(url)) return 'it is Secure and the origin is not'
  if (parsed.sameSite === 'none' && !parsed.secure) return 'SameSite=None needs Secure'
  if (parsed.partitioned && !parsed.secure) return 'Partitioned needs Secure'
  if (parsed.sameSite !== 'none' && site === 'cross-site' && !navigation) {
    return 'it is not SameSite=None and the request was cross-site'
  }
  return prefixFault(parsed)
}

/** Why a `__Secure-` or `__Host-` name is not earned (RFC 6265bis, section 5.7, steps 19 to 21). */
function prefixFault(cookie: SetCookie): string | undefined {
  const claim = (cookie.name === '' ? cookie.value : cookie.name).toLowerCase()
  const prefix = ['__secure-', '__host-'].find((one) => claim.startsWith(one))
  if (prefix === undefined) return undefined
  if (cookie.name === '') return 'a nameless cookie looks like one with a prefix'
  if (!cookie.secure) return `${prefix} needs Secure`
  if (prefix === '__host-' && cookie.domain !== '') return '__Host- forbids Domain'
  if (prefix === '__host-' && cookie.path !== '/') return '__Host- needs Path=/'
  return undefined
}

/** Whether a cookie goes with a request (RFC 6265bis, section 5.8.3). */
export function isSent(
  cookie: StoredCookie,
  url: URL,
  request: { site: Site; method: string; navigation: boolean },
): boolean {
  const hostFits = cookie.hostOnly
    ? url.hostname === cookie.domain
    : domainMatches(url.hostname, cookie.domain)
  const isSafe = cookie.secure ? isSecureUrl(url) : true
  return hostFits && isSafe && pathMatches(url.pathname, cookie.path) && siteAllows(cookie, request)
}

function siteAllows(
  { sameSite, createdAt }: StoredCookie,
  { site, method, navigation }: { site: Site; method: string; navigation: boolean },
): boolean {
  if (sameSite === 'none' || site !== 'cross-site') return true
  if (sameSite === 'strict' || !navigation) return false
  if (['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(method)) return true
  return sameSite === 'default' && Date.now() - createdAt <= laxUnsafeLife
}

/** Https, or a loopback host: what browsers call potentially trustworthy. */
export function isSecureUrl({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || isLoopback(hostname)
}

function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127(\.\d+){3}$/.test(host)
  )
}

/** RFC 6265bis, section 5.1.3. */
function domainMatches(host: string, domain: string): boolean {
  const isAddress = host.startsWith('[') || /^\d+(\.\d+){3}$/.test(host)
  return host === domain || (!isAddress && host.endsWith(`.${domain}`))
}

/** RFC 6265bis, section 5.1.4. */
export function pathMatches(requestPath: string, cookiePath: string): boolean {
  if (requestPath === cookiePath) return true
  return (
    requestPath.startsWith(cookiePath) &&
    (cookiePath.endsWith('/') || requestPath[cookiePath.length] === '/')
  )
}

function defaultPath(pathname: string): string {
  const end = pathname.lastIndexOf('/')
  return end <= 0 ? '/' : pathname.slice(0, end)
}
