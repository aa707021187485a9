import { DanceError } from './errors.ts'
import type { Cookies, RequestStorage, TokenStorage } from './storage.ts'

/** Octets of value in one cookie: with the longest name there is, name and value stay within 4,000. */
const chunkSize = 3872
const mostChunks = 8

/**
 * Keeps tokens in the visitor's own cookies: the default storage, and nothing to set up. One account per provider.
 * A value too long for one cookie is cut into up to eight; a longer one is `token_too_large`.
 *
 * @returns A storage for the `storage` option. Its `put` throws `token_too_large`, and `cannot_persist` where no
 * cookie can be set any more.
 * @example
 * ```ts
 * import { sealedCookieStorage } from 'fetch-dance'
 *
 * export const storage = sealedCookieStorage()
 * ```
 */
export function sealedCookieStorage(): RequestStorage {
  return cookieStorage
}

function cookieStorage(cookies: Cookies): TokenStorage {
  const versionOf = (value: string) => value.slice(-43)
  return {
    consistency: 'request',
    async get(key) {
      const value = join(cookies, key.provider)
      if (value === null) return null
      return { key: { ...key, account: '' }, value, version: versionOf(value) }
    },
    async put(key, record, o = {}) {
      const present = join(cookies, key.provider)
      const version = present === null ? null : versionOf(present)
      if (o.ifVersion !== undefined && o.ifVersion !== version) return 'conflict'
      split(cookies, key.provider, record.value)
      return { version: versionOf(record.value) }
    },
    async delete(key, o = {}) {
      const present = join(cookies, key.provider)
      if (o.ifVersion !== undefined && (!present || o.ifVersion !== versionOf(present)))
        return false
      for (const name of chunkNames(key.provider)) cookies.delete(name)
      return present !== null
    },
    async list(query) {
      if (!('owner' in query)) return { keys: [] }
      const providers = cookies.names().filter((name) => /^[a-z][a-z0-9-]*$/.test(name))
      return { keys: providers.map((provider) => ({ provider, owner: query.owner, account: '' })) }
    },
  }
}

function chunkNames(provider: string): string[] {
  return Array.from({ length: mostChunks }, (_, i) => (i === 0 ? provider : `${provider}.${i}`))
}

// A cut value begins with how many pieces there are: all of them, or nothing.
function join(cookies: Cookies, provider: string): string | null {
  const first = cookies.get(provider)
  if (first === undefined) return null
  const match = /^([2-8])~/.exec(first)
  if (!match) return first
  const names = chunkNames(provider).slice(1, Number(match[1]))
  const rest = names.map((name) => cookies.get(name))
  return rest.includes(undefined) ? null : first.slice(2) + rest.join('')
}

function split(cookies: Cookies, provider: string, value: string): void {
  const count = value.length <= chunkSize ? 1 : Math.ceil((value.length + 2) / chunkSize)
  if (count > mostChunks) {
    const message = `Cannot keep the token of "${provider}" in cookies: it is too large; use a server-side "storage"`
    throw new DanceError('token_too_large', message, { provider })
  }
  const whole = count === 1 ? value : `${count}~${value}`
  for (const [i, name] of chunkNames(provider).entries()) {
    if (i < count) cookies.set(name, whole.slice(i * chunkSize, (i + 1) * chunkSize))
    else if (cookies.get(name) !== undefined) cookies.delete(name)
  }
}
