import { DanceError } from './errors.ts'
import type { Config } from './options.ts'
import type { Origin } from './origin.ts'
import type { Cookies } from './storage.ts'
import type { VisitContext } from './types.ts'

/** The dance's cookies of a visit, with what is to be sent. */
export interface VisitCookies extends Cookies {
  /** Sets a cookie; one that is `crossSite` comes along with a provider's POST. */
  set(name: string, value: string, o?: { maxAge?: number; crossSite?: boolean }): void
  /** The Set-Cookie lines that wait. */
  outgoing(): string[]
  /** Whether one of them sets a value that is no flow: a new token, for instance. */
  holdsNew(): boolean
  /** Says they were sent. */
  sent(): void
}

interface Change {
  /** Empty where it is deleted: an empty cookie counts as none. */
  readonly value: string
  readonly maxAge: number
  readonly crossSite?: boolean
}

/** Most cookies of a request that are looked at. */
const mostCookies = 300

/** Reads the dance's cookies from a request lazily and collects those to be sent (RFC 6265bis). */
export function createVisitCookies(
  config: Config,
  header: string,
  visit: { readonly open: boolean; readonly context: VisitContext; origin(): Origin },
): VisitCookies {
  let received: Map<string, string> | undefined
  const changed = new Map<string, Change>()
  let isSent = false
  const prefix = () => `${visit.origin().secure ? '__Host-' : ''}${config.cookie.name}.`
  const present = () => {
    received ??= parseCookies(header, prefix())
    return received
  }
  const read = (name: string) => (changed.get(name)?.value ?? present().get(name)) || undefined
  const write = (name: string, change: Change) => {
    if (!visit.open) {
      const message =
        'Cannot save the token: no cookie can be set here; ask ahead (in a route handler, an action, a proxy), or use a server-side "storage"'
      throw new DanceError('cannot_persist', message)
    }
    if ((read(name) ?? '') === change.value) return
    visit.context.setCookie?.(line(name, change))
    if ((present().get(name) ?? '') === change.value) changed.delete(name)
    else changed.set(name, change)
  }
  const line = (name: string, { value, maxAge, crossSite }: Change) => {
    const { secure } = visit.origin()
    const sameSite = crossSite && secure ? 'None' : 'Lax'
    const partitioned = config.cookie.partitioned ? '; Partitioned' : ''
    return `${prefix()}${name}=${value}; Path=/; HttpOnly; SameSite=${sameSite}; Max-Age=${maxAge}${secure ? `; Secure${partitioned}` : ''}`
  }
  return {
    get: read,
    names() {
      return [...new Set([...present().keys(), ...changed.keys()])].filter(read)
    },
    set: (name, value, o) => write(name, { value, maxAge: config.cookie.maxAge, ...o }),
    delete: (name) => write(name, { value: '', maxAge: 0 }),
    outgoing: () => (isSent ? [] : [...changed].map(([name, change]) => line(name, change))),
    holdsNew: () =>
      !isSent && [...changed].some(([name, { value }]) => value && !name.startsWith('flow.')),
    sent() {
      isSent = true
    },
  }
}

// Only SP and HTAB are trimmed: a name that begins with another blank is another cookie. The first of a name counts.
function parseCookies(header: string, prefix: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const part of header.split(';', mostCookies)) {
    const equals = part.indexOf('=')
    const name = trim(part.slice(0, Math.max(0, equals)))
    if (!name.startsWith(prefix)) continue
    const short = name.slice(prefix.length)
    const value = trim(part.slice(equals + 1))
    if (value && !found.has(short)) found.set(short, value)
  }
  return found
}

function trim(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, '')
}
