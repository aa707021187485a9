import { describeTokenStorage, memoryStorage } from '@fetch-dance/testing'
import type { TokenStorage } from 'fetch-dance'
import { describe, expect, test } from 'vitest'
import { runSuite } from './support/failures.ts'

/** The names of the tests that a storage fails. */
async function failuresOf(open: () => TokenStorage | readonly TokenStorage[]): Promise<string[]> {
  return (await runSuite((runner) => describeTokenStorage('broken', open, runner))).failed
}

/** memoryStorage with one method made wrong. */
function broken(change: (storage: TokenStorage) => Partial<TokenStorage>): () => TokenStorage {
  return () => {
    const storage = memoryStorage()
    return { ...storage, ...change(storage) }
  }
}

/** What a back end does that takes two ids for one. */
function folding(fold: (id: string) => string): () => TokenStorage {
  return broken((storage) => ({
    get: (key, o) => storage.get({ ...key, owner: fold(key.owner) }, o),
    put: (key, record, o) => storage.put({ ...key, owner: fold(key.owner) }, record, o),
    delete: (key, o) => storage.delete({ ...key, owner: fold(key.owner) }, o),
  }))
}

describe('describeTokenStorage() finds', () => {
  test('nothing wrong with memoryStorage', async () => {
    expect(await failuresOf(() => memoryStorage())).toEqual([])
  })

  const mistakes: Record<string, () => TokenStorage | readonly TokenStorage[]> = {
    'a storage that is strong in one process alone': () => [memoryStorage(), memoryStorage()],
    'a put that looks, waits and writes': broken((storage) => ({
      async put(key, record, o) {
        const current = await storage.get(key)
        if (o?.ifVersion !== undefined && o.ifVersion !== (current?.version ?? null))
          return 'conflict'
        await new Promise((resolve) => setTimeout(resolve, 0))
        return storage.put(key, record)
      },
    })),
    'a put that forgets exclusive': broken((storage) => ({
      put: (key, record, o = {}) =>
        storage.put(key, record, o.ifVersion === undefined ? {} : { ifVersion: o.ifVersion }),
    })),
    'a put that forgets expiresAt': broken((storage) => ({
      put: (key, { expiresAt: _, ...record }, o) => storage.put(key, record, o),
    })),
    'a delete that ignores the version': broken((storage) => ({
      delete: (key) => storage.delete(key),
    })),
    'a version made of the value': broken((storage) => ({
      async get(key) {
        const found = await storage.get(key)
        return found && { ...found, version: found.value }
      },
      async put(key, record) {
        const result = await storage.put(key, record)
        return typeof result === 'string' ? result : { version: record.value }
      },
    })),
    'owners whose case is lost': folding((id) => id.toLowerCase()),
    'owners whose trailing space is lost': folding((id) => id.trimEnd()),
    'owners in one normal form': folding((id) => id.normalize('NFC')),
    'owners cut at NUL': folding((id) => id.split('\0')[0] ?? ''),
    'owners whose / is a :': folding((id) => id.replaceAll('/', ':')),
    'owners cut at 255 characters': folding((id) => id.slice(0, 255)),
    'values parsed as JSON': broken((storage) => ({
      async get(key) {
        const found = await storage.get(key)
        if (found === null || !/^\d+$/.test(found.value)) return found
        return { ...found, value: String(Number(found.value)) }
      },
    })),
    'a list that has one page only': broken((storage) => ({
      async list(query, page) {
        return { keys: (await storage.list(query, page)).keys }
      },
    })),
    'a due date that is not strict': broken((storage) => ({
      list: (query, page) =>
        storage.list('dueBefore' in query ? { dueBefore: query.dueBefore + 1 } : query, page),
    })),
    'a due list in the order of names': broken((storage) => ({
      async list(query, { after = '0', limit = 100 } = {}) {
        const { keys } = await storage.list(query, { limit: 10_000 })
        if (!('dueBefore' in query)) return storage.list(query, { limit })
        keys.sort((a, b) => (a.account < b.account ? -1 : 1))
        const end = Number(after) + limit
        const page = keys.slice(Number(after), end)
        return { keys: page, ...(end < keys.length && { after: `${end}` }) }
      },
    })),
    'a put that keeps the session of the record before': broken((storage) => {
      const sessions = new Map<string, string>()
      return {
        put(key, record, o) {
          const session = sessions.get(key.account) ?? record.session
          if (session !== undefined) sessions.set(key.account, session)
          return storage.put(key, { ...record, ...(session !== undefined && { session }) }, o)
        },
      }
    }),
    'browsers that are refused an account': broken((storage) => ({
      async put(key, record, o) {
        const { keys } = await storage.list({ provider: key.provider, account: key.account })
        const isTaken = o?.exclusive && keys.some(({ owner }) => owner !== key.owner)
        return isTaken ? 'account_in_use' : storage.put(key, record, o)
      },
    })),
    'a get that answers the first account': broken((storage) => ({
      async get(key) {
        if (key.account !== undefined) return storage.get(key)
        const { keys } = await storage.list({ owner: key.owner })
        const first = keys.find(({ provider }) => provider === key.provider)
        return first === undefined ? null : storage.get(first)
      },
    })),
  }
  for (const [mistake, create] of Object.entries(mistakes)) {
    test(mistake, async () => {
      expect((await failuresOf(create)).length).toBeGreaterThan(0)
    })
  }
})
