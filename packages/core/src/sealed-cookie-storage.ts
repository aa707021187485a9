import { checkCoordinator } from './coordinator.ts'
import { DanceError } from './errors.ts'
import type { Cookies, Kv, RequestStorage, TokenStorage } from './storage.ts'
import { now } from './token.ts'

/** Octets of value in one cookie: with the longest name there is, name and value stay within 4,000. */
export const largestCookie = 3872
const mostChunks = 8
/** Seconds that the coordinator's entries live at least: claims are among them. */
const shortestLife = 60

/**
 * Keeps tokens in the visitor's own cookies: the default storage, and nothing to set up. One account per provider.
 * A value too long for one cookie is cut into up to eight; a longer one is `token_too_large`.
 *
 * @param o `coordinator`: a small strong store in which isolates agree on refreshes; without one each isolate refreshes
 * for itself. `successorTtl`: seconds it keeps what came for a spent refresh token, a day by default
 * and at least a minute.
 * @returns A storage for the `storage` option. Throws `option_invalid` for a coordinator that is not atomic. Its `put` throws `token_too_large`, and `cannot_persist` where no
 * cookie can be set any more.
 * @example
 * ```ts
 * import { sealedCookieStorage } from 'fetch-dance'
 *
 * export const storage = sealedCookieStorage()
 * ```
 */
export function sealedCookieStorage(
  o: { coordinator?: Kv; successorTtl?: number } = {},
): RequestStorage {
  const { coordinator, successorTtl } = o
  if (!coordinator) return cookieStorage
  checkCoordinator(coordinator)
  const brief: Kv = {
    atomic: coordinator.atomic,
    get: (key) => coordinator.get(key),
    put(key, value, { expiresAt, ...rest } = {}) {
      const end =
        successorTtl === undefined ? expiresAt : now() + Math.max(shortestLife, successorTtl)
      return coordinator.put(key, value, { ...rest, ...(end !== undefined && { expiresAt: end }) })
    },
    delete: (key, options) => coordinator.delete(key, options),
    list: (group, page) => coordinator.list(group, page),
  }
  return (cookies) => ({ ...cookieStorage(cookies), coordinator: brief })
}

/** Keeps tokens in a visit's cookies. */
export function cookieStorage(cookies: Cookies): TokenStorage {
  return {
    consistency: 'request',
    async get(key) {
      const value = join(cookies, key.provider)
      // a seal is never made twice: it is its own version
      return value === null ? null : { key: { ...key, account: '' }, value, version: value }
    },
    async put({ provider }, { value }, { ifVersion } = {}) {
      if (ifVersion !== undefined && ifVersion !== join(cookies, provider)) return 'conflict'
      split(cookies, provider, value)
      return { version: value }
    },
    async delete({ provider }, { ifVersion } = {}) {
      const value = join(cookies, provider)
      if (value === null || (ifVersion ?? value) !== value) return false
      for (const name of chunkNames(provider)) cookies.delete(name)
      return true
    },
    async list(query) {
      if (!('owner' in query)) return { keys: [] }
      const { owner } = query
      return { keys: cookies.names().map((provider) => ({ provider, owner, account: '' })) }
    },
  }
}

function chunkNames(provider: string): string[] {
  return Array.from({ length: mostChunks }, (_, i) => (i === 0 ? provider : `${provider}.${i}`))
}

// A cut value begins with how many pieces there are: all of them, or nothing.
function join(cookies: Cookies, provider: string): string | null {
  const pieces = chunkNames(provider).map((name) => cookies.get(name))
  const count = /^[2-8](?=~)/.exec(pieces[0] ?? '')?.[0] ?? 1
  const needed = pieces.slice(0, Number(count))
  return needed.includes(undefined) ? null : needed.join('').replace(/^\d~/, '')
}

function split(cookies: Cookies, provider: string, value: string): void {
  const count = Math.ceil((value.length + 2) / largestCookie)
  if (count > mostChunks) {
    const message = `Cannot keep the token of "${provider}" in cookies: use a server-side "storage"`
    throw new DanceError('token_too_large', message, { provider })
  }
  const whole = count === 1 ? value : `${count}~${value}`
  for (const [i, name] of chunkNames(provider).entries()) {
    if (i < count) cookies.set(name, whole.slice(i * largestCookie, (i + 1) * largestCookie))
    else cookies.delete(name)
  }
}
