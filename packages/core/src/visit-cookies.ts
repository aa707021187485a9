import { DanceError } from './errors.ts'
import type { Config } from './options.ts'
import type { Origin } from './origin.ts'
import type { Cookies } from './storage.ts'

/** The dance's cookies of a visit, with what is to be sent. */
export interface VisitCookies extends Cookies {
  /** Marks a cookie to be sent along with a provider's cross-site POST. */
  sameSiteNone(name: string): void
  /** The Set-Cookie lines that wait. */
  outgoing(): string[]
  /** Whether one of them sets a value that is no flow: a new token, for instance. */
  holdsNew(): boolean
  /** Says they were sent. */
  sent(): void
}

/** Most cookies of a request that are looked at. */
const mostCookies = 300

/** Reads the dance's cookies from a request lazily and collects those to be sent (RFC 6265bis). */
export function createVisitCookies(
  config: Config,
  header: string,
  visit: { readonly open: boolean; origin(): Origin },
): VisitCookies {
  let received: Map<string, string> | undefined
  const changed = new Map<string, { value: string | null; maxAge: number }>()
  const crossSite = new Set<string>()
  const prefix = () => `${visit.origin().secure ? '__Host-' : ''}${config.cookie.name}.`
  const present = () => {
    received ??= parseCookies(header, prefix())
    return received
  }
  const read = (name: string) => {
    const change = changed.get(name)
    return change ? (change.value ?? undefined) : present().get(name)
  }
  const change = (name: string, value: string | null, maxAge: number) => {
    if (!visit.open) throw cannotPersist()
    if ((present().get(name) ?? null) === value) changed.delete(name)
    else changed.set(name, { value, maxAge })
  }
  return {
    get: read,
    names() {
      const names = new Set([...present().keys(), ...changed.keys()])
      return [...names].filter((name) => read(name) !== undefined)
    },
    set: (name, value, o = {}) => change(name, value, o.maxAge ?? config.cookie.maxAge),
    delete: (name) => change(name, null, 0),
    sameSiteNone: (name) => void crossSite.add(name),
    outgoing: () =>
      [...changed].map(([name, { value, maxAge }]) => {
        const { secure } = visit.origin()
        const sameSite = crossSite.has(name) && secure ? 'None' : 'Lax'
        const attributes = `Path=/; HttpOnly; SameSite=${sameSite}; Max-Age=${maxAge}`
        const partitioned = secure && config.cookie.partitioned ? '; Partitioned' : ''
        return `${prefix()}${name}=${value ?? ''}; ${attributes}${secure ? '; Secure' : ''}${partitioned}`
      }),
    holdsNew: () =>
      [...changed].some(([name, { value }]) => value !== null && !name.startsWith('flow.')),
    sent() {
      for (const [name, { value }] of changed) {
        if (value === null) present().delete(name)
        else present().set(name, value)
      }
      changed.clear()
    },
  }
}

function cannotPersist(): DanceError {
  const message =
    'Cannot save the token: this visit cannot set a cookie; ask before its response is committed, or use a server-side "storage"'
  return new DanceError('cannot_persist', message)
}

// Only SP and HTAB are trimmed: a name that begins with another blank is another cookie. The first of a name counts.
function parseCookies(header: string, prefix: string): Map<string, string> {
  const found = new Map<string, string>()
  if (!header.includes(prefix)) return found
  for (const part of header.split(';', mostCookies)) {
    const equals = part.indexOf('=')
    if (equals < 0) continue
    const name = part.slice(0, equals).replace(/^[ \t]+|[ \t]+$/g, '')
    if (!name.startsWith(prefix)) continue
    const short = name.slice(prefix.length)
    const value = part.slice(equals + 1).replace(/^[ \t]+|[ \t]+$/g, '')
    if (!found.has(short) && value !== '') found.set(short, value)
  }
  return found
}
