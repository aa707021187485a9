import { describeTokenStorage, memoryStorage } from '@fetch-dance/testing'
import type { TokenStorage } from 'fetch-dance'
import { describe, expect, test } from 'vitest'

/** Runs the suite against a storage and names the tests that fail. */
async function failuresOf(create: () => TokenStorage): Promise<string[]> {
  const tests: [string, () => Promise<void>][] = []
  const register = (name: string, run: () => Promise<void>) => tests.push([name, run])
  describeTokenStorage('broken', create, { describe: (_, body) => body(), test: register })
  const failures: string[] = []
  for (const [name, run] of tests) {
    await run().catch(() => failures.push(name))
  }
  return failures
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

  const mistakes: Record<string, () => TokenStorage> = {
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
