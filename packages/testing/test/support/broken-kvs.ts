import { memoryKv } from '@fetch-dance/testing'
import type { Kv, KvKey } from 'fetch-dance'

/** memoryKv with some methods made wrong. */
export function broken(change: (kv: Kv) => Partial<Kv>): () => Kv {
  return () => {
    const kv = memoryKv()
    return { ...kv, ...change(kv) }
  }
}

/** What a back end does that takes two keys for one. */
export function folding(fold: (key: KvKey) => KvKey): () => Kv {
  return broken((kv) => ({
    get: (key) => kv.get(fold(key)),
    put: (key, value, o) => kv.put(fold(key), value, o),
    delete: (key, o) => kv.delete(fold(key), o),
    list: (group, page) => kv.list(fold({ group, name: '' }).group, page),
  }))
}

export function foldingText(fold: (text: string) => string): () => Kv {
  return folding(({ group, name }) => ({ group: fold(group), name: fold(name) }))
}

/** A client that hands back other values than were put. */
export function parsing(parse: (value: string) => string): () => Kv {
  return broken((kv) => ({
    async get(key) {
      const found = await kv.get(key)
      return found && { ...found, value: parse(found.value) }
    },
  }))
}

/** Counts versions for each key, and forgets the count with the entry. */
export function restarting(): Kv {
  const kv = memoryKv()
  const counts = new Map<string, number>()
  const placeOf = ({ group, name }: KvKey) => `${group}/${name}`
  const wrong = (key: KvKey) => `v${counts.get(placeOf(key)) ?? 0}`
  return {
    ...kv,
    async get(key) {
      const found = await kv.get(key)
      return found && { value: found.value, version: wrong(key) }
    },
    async put(key, value) {
      counts.set(placeOf(key), (counts.get(placeOf(key)) ?? 0) + 1)
      await kv.put(key, value)
      return { version: wrong(key) }
    },
    delete(key) {
      counts.delete(placeOf(key))
      return kv.delete(key)
    },
  }
}

export function hashing(): Kv {
  const kv = memoryKv()
  return {
    ...kv,
    async get(key) {
      const found = await kv.get(key)
      return found && { ...found, version: found.value }
    },
    async put(key, value) {
      await kv.put(key, value)
      return { version: value }
    },
  }
}

export function keepingExpiry(): Kv {
  const kv = memoryKv()
  const kept = new Map<string, number>()
  return {
    ...kv,
    put(key, value, o = {}) {
      const expiresAt = o.expiresAt ?? kept.get(key.name)
      if (expiresAt !== undefined) kept.set(key.name, expiresAt)
      return kv.put(key, value, { ...o, ...(expiresAt !== undefined && { expiresAt }) })
    },
  }
}

export function unsorted(): Kv {
  const kv = memoryKv()
  const written: string[] = []
  return {
    ...kv,
    put(key, value, o) {
      if (!written.includes(key.name)) written.push(key.name)
      return kv.put(key, value, o)
    },
    async list(group, { after, limit = 100 } = {}) {
      const { names: all } = await kv.list(group, { limit: 10_000 })
      const names = written.filter((name) => all.includes(name))
      const start = after === undefined ? 0 : names.indexOf(after) + 1
      const page = names.slice(start, start + limit)
      const last = page.at(-1)
      return { names: page, ...(last && start + limit < names.length && { after: last }) }
    },
  }
}

export function counting(): Kv {
  const kv = memoryKv()
  return {
    ...kv,
    async list(group, { after = '0', limit = 100 } = {}) {
      const { names } = await kv.list(group, { limit: 10_000 })
      const end = Number(after) + limit
      return {
        names: names.slice(Number(after), end),
        ...(end < names.length && { after: `${end}` }),
      }
    },
  }
}
