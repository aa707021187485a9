import type { TokenStorage } from 'fetch-dance'

/**
 * A {@link TokenStorage} that keeps nothing: every write succeeds and every read finds nothing. For tests of an app
 * whose storage has lost everything.
 *
 * @returns The storage.
 * @example
 * ```ts
 * import { nullStorage } from '@fetch-dance/testing'
 *
 * const storage = nullStorage()
 * await storage.put({ provider: 'github', owner: 'user:1', account: '' }, { value: 'x', connectedAt: 0 })
 * console.log(await storage.get({ provider: 'github', owner: 'user:1' })) // null
 * ```
 */
export function nullStorage(): TokenStorage {
  let lastVersion = 0
  return {
    consistency: 'eventual',
    get: async () => null,
    put: async () => {
      lastVersion += 1
      return { version: `v${lastVersion}` }
    },
    delete: async () => false,
    list: async () => ({ keys: [] }),
  }
}
