import { DanceError, invalidOption } from './errors.ts'
import { isLoopback, isSecureAddress } from './http.ts'

/** The origin in use: cookie prefix, Secure and the same-origin check follow it. */
export interface Origin {
  readonly url: string
  /** https; otherwise it is http on loopback, which is development. */
  readonly secure: boolean
}

/** A configured origin: exact, or with one `*` inside its first label. */
export type OriginRule = string | RegExp

// Fixed text on both sides: with `*-team.host` or `app-*.host` a stranger could register a host that fits.
const pattern = /^https:\/\/[a-z0-9-]+\*[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?$/

/** Reads the configured origins. Throws `option_invalid` naming the option's path. */
export function readOrigins(texts: readonly string[], path: string): OriginRule[] {
  return texts.map((text) => readOrigin(text.replace(/\/$/, ''), path))
}

function readOrigin(origin: string, path: string): OriginRule {
  if (pattern.test(origin)) {
    return new RegExp(`^${origin.replaceAll('.', '\\.').replace('*', '[a-z0-9-]+')}$`)
  }
  const isExact = isSecureAddress(origin) && new URL(origin).origin === origin
  if (isExact && !origin.includes('*')) return origin
  throw invalidOption(path, 'an origin is like "https://app.example", or http on loopback')
}

/**
 * The origin a request is answered for.
 *
 * With one configured origin it is that one, whatever was asked. From a list the request's host (with `trustProxy`
 * the forwarded one) only picks. With none it is the request's own on loopback. Without a request nothing picks.
 * Throws `origin_missing`, `origin_not_allowed`.
 */
export function resolveOrigin(
  { origins, trustProxy }: { origins: readonly OriginRule[]; trustProxy: boolean },
  request?: Request,
): Origin {
  const [first] = origins
  if (origins.length === 1 && typeof first === 'string') return originOf(first)
  const url = request && new URL(request.url)
  if (!url || first === undefined) {
    if (url && isLoopback(url.hostname)) return originOf(url.origin)
    throw new DanceError(
      'origin_missing',
      'Cannot tell the origin of this app: set the option "origin" or DANCE_ORIGIN to it',
    )
  }
  const forwarded = trustProxy && request.headers.get('x-forwarded-host')?.split(',')[0]?.trim()
  const host = (forwarded || url.host).toLowerCase()
  const fits = (origin: string) =>
    origins.some((rule) => (typeof rule === 'string' ? rule === origin : rule.test(origin)))
  const picked = [`${url.protocol}//${host}`, `https://${host}`, `http://${host}`].find(fits)
  if (picked !== undefined) return originOf(picked)
  throw new DanceError(
    'origin_not_allowed',
    'Cannot serve this host: it is none of the configured origins',
  )
}

function originOf(url: string): Origin {
  return { url, secure: url.startsWith('https:') }
}
