import { DanceError } from './errors.ts'
import { isLoopback, isSecureAddress } from './http.ts'

/** The origin in use: scheme, cookie prefix, Secure and the same-origin check follow it. */
export interface Origin {
  readonly url: string
  /** https. */
  readonly secure: boolean
  /** http on loopback. */
  readonly development: boolean
}

/** A configured origin: exact, or with one `*` inside its first label. */
export type OriginRule = { readonly exact: string } | { readonly pattern: RegExp }

/** Reads a configured origin; null if it is none. */
export function originRule(text: string): OriginRule | null {
  if (text.includes('*')) return patternRule(text)
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  if (text.replace(/\/$/, '') !== url.origin) return null
  return isSecureAddress(url) ? { exact: url.origin } : null
}

/**
 * The origin a request is answered for.
 *
 * With one configured origin it is that one, whatever was asked. From a list the request's host (with `trustProxy`
 * the forwarded one) only picks. With none it is the request's own on loopback.
 * Throws `origin_missing`, `origin_not_allowed`.
 */
export function resolveOrigin(
  rules: readonly OriginRule[],
  trustProxy: boolean,
  request: Request,
): Origin {
  const url = new URL(request.url)
  const [first] = rules
  if (!first) {
    if (isLoopback(url.hostname) && /^https?:$/.test(url.protocol)) return originOf(url.origin)
    const message =
      'Cannot tell the address of this site: set the option "origin" or DANCE_ORIGIN to it'
    throw new DanceError('origin_missing', message)
  }
  if (rules.length === 1 && 'exact' in first) return originOf(first.exact)
  const host = (trustProxy && forwardedHost(request)) || url.host
  const picked = pickOrigin(rules, host.toLowerCase(), url.protocol)
  if (picked !== null) return originOf(picked)
  const message = 'Cannot serve this host: it is none of the configured origins'
  throw new DanceError('origin_not_allowed', message)
}

function pickOrigin(rules: readonly OriginRule[], host: string, protocol: string): string | null {
  const exact = rules.flatMap((rule) =>
    'exact' in rule && new URL(rule.exact).host === host ? [rule.exact] : [],
  )
  const known = exact.find((origin) => origin.startsWith(protocol)) ?? exact[0]
  if (known !== undefined) return known
  return rules.some((one) => 'pattern' in one && one.pattern.test(host)) ? `https://${host}` : null
}

// Fixed text on both sides: with `*-team.host` or `app-*.host` a stranger could register a host that fits.
function patternRule(text: string): OriginRule | null {
  const match = /^https:\/\/([a-z0-9-]+)\*([a-z0-9-]+)((?:\.[a-z0-9-]+)+(?::\d{1,5})?)\/?$/.exec(
    text,
  )
  if (!match) return null
  const [, before = '', after = '', rest = ''] = match
  const host = `^${before}[a-z0-9-]+${after}${rest.replaceAll('.', '\\.')}$`
  return { pattern: new RegExp(host) }
}

function forwardedHost(request: Request): string | undefined {
  return request.headers.get('x-forwarded-host')?.split(',')[0]?.trim()
}

function originOf(url: string): Origin {
  const { protocol } = new URL(url)
  const secure = protocol === 'https:'
  return { url, secure, development: !secure }
}
