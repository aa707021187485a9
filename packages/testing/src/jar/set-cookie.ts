import { parseCookieDate } from './cookie-date.ts'

/** A Set-Cookie header as RFC 6265bis reads it; nothing is judged yet. */
export interface SetCookie {
  readonly name: string
  readonly value: string
  readonly domain: string
  readonly path: string
  readonly secure: boolean
  readonly httpOnly: boolean
  readonly partitioned: boolean
  readonly sameSite: SameSite
  /** Milliseconds since epoch; null for a session cookie. */
  readonly expiresAt: number | null
}

/** `default`: not said; treated as `lax`, but sent with a cross-site POST in the first two minutes. */
export type SameSite = 'none' | 'lax' | 'strict' | 'default'

const pairLimit = 4096
const attributeLimit = 1024
const longestLife = 400 * 24 * 3600 * 1000

/** Reads one Set-Cookie header (RFC 6265bis, section 5.6); a string is the reason why it is dropped. */
export function parseSetCookie(header: string): SetCookie | string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 6265bis drops a header that holds one
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(header)) return 'it holds a control character'
  const [pair = '', ...attributes] = header.split(';')
  const equals = pair.indexOf('=')
  const name = equals < 0 ? '' : trimSpace(pair.slice(0, equals))
  const value = trimSpace(pair.slice(equals + 1))
  if (name === '' && value === '') return 'it has neither name nor value'
  if (octets(name) + octets(value) > pairLimit) return 'name and value are longer than 4096 octets'
  return { name, value, ...readAttributes(attributes) }
}

function readAttributes(attributes: readonly string[]): Omit<SetCookie, 'name' | 'value'> {
  // The last of several attributes of one name counts, so a Map does what is asked.
  const read = new Map<string, string>()
  for (const attribute of attributes) {
    const equals = attribute.indexOf('=')
    const name = trimSpace(equals < 0 ? attribute : attribute.slice(0, equals)).toLowerCase()
    const value = equals < 0 ? '' : trimSpace(attribute.slice(equals + 1))
    if (octets(value) > attributeLimit || isUnreadable(name, value)) continue
    read.set(name, value)
  }
  return {
    domain: (read.get('domain') ?? '').replace(/^\./, '').toLowerCase(),
    path: read.get('path') ?? '',
    secure: read.has('secure'),
    httpOnly: read.has('httponly'),
    partitioned: read.has('partitioned'),
    sameSite: readSameSite(read.get('samesite')),
    expiresAt: readExpiry(read),
  }
}

/** An attribute that cannot be read is as if it were not there, so that an earlier one counts. */
function isUnreadable(name: string, value: string): boolean {
  if (name === 'max-age') return !/^-?\d+$/.test(value)
  return name === 'expires' && parseCookieDate(value) === null
}

function readExpiry(read: ReadonlyMap<string, string>): number | null {
  const limit = Date.now() + longestLife
  const maxAge = read.get('max-age')
  if (maxAge !== undefined) {
    const seconds = Number(maxAge)
    return seconds <= 0 ? 0 : Math.min(Date.now() + seconds * 1000, limit)
  }
  const date = parseCookieDate(read.get('expires') ?? '')
  return date === null ? null : Math.min(date, limit)
}

function readSameSite(value: string | undefined): SameSite {
  const lower = value?.toLowerCase()
  return lower === 'none' || lower === 'lax' || lower === 'strict' ? lower : 'default'
}

/** Space and tab only: U+00A0 and its like are part of a name. */
function trimSpace(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, '')
}

function octets(text: string): number {
  return new TextEncoder().encode(text).length
}
