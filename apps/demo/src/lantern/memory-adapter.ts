import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'

interface Entry {
  readonly model: string
  readonly id: string
  readonly payload: AdapterPayload
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

const mostEntries = 10_000

/** Keeps everything Lantern knows in memory, for as long as it runs. */
export function createMemoryAdapter(): AdapterFactory {
  const entries = new Map<string, Entry>()
  return (model) => adapterFor(model, entries)
}

function adapterFor(model: string, entries: Map<string, Entry>): Adapter {
  const key = (id: string): string => `${model}:${id}`
  return {
    async upsert(id, payload, expiresIn) {
      makeRoom(entries)
      const expiresAt = Date.now() + (expiresIn || Infinity) * 1000
      entries.set(key(id), { model, id, payload, expiresAt })
    },
    find: async (id) => read(entries.get(key(id))),
    findByUid: async (uid) => findBy(model, entries, (payload) => payload.uid === uid),
    findByUserCode: async (code) => findBy(model, entries, (payload) => payload.userCode === code),
    async consume(id) {
      const payload = read(entries.get(key(id)))
      if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000)
    },
    async destroy(id) {
      entries.delete(key(id))
    },
    async revokeByGrantId(grantId) {
      for (const [name, entry] of entries) {
        if (entry.model === model && entry.payload.grantId === grantId) entries.delete(name)
      }
    },
  }
}

function read(entry: Entry | undefined): AdapterPayload | undefined {
  return entry !== undefined && entry.expiresAt > Date.now() ? entry.payload : undefined
}

function findBy(
  model: string,
  entries: Map<string, Entry>,
  matches: (payload: AdapterPayload) => boolean,
): AdapterPayload | undefined {
  for (const entry of entries.values()) {
    if (entry.model === model && matches(entry.payload)) return read(entry)
  }
  return undefined
}

/** Once full, what has expired goes, and then what came first. */
function makeRoom(entries: Map<string, Entry>): void {
  if (entries.size < mostEntries) return
  const now = Date.now()
  for (const [name, entry] of entries) if (entry.expiresAt <= now) entries.delete(name)
  const [oldest] = entries.keys()
  if (entries.size >= mostEntries && oldest !== undefined) entries.delete(oldest)
}
