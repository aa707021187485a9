import { memoryKv } from '@fetch-dance/testing'
import type { Kv, KvKey, TokenStorage } from 'fetch-dance'

type Key = Parameters<TokenStorage['put']>[0]
type StoredValue = Parameters<TokenStorage['put']>[1]

/** A Kv in memory that writes down what it is asked. */
export interface LoggingKv extends Kv {
  /** The calls in their order, as METHOD GROUP NAME. */
  readonly calls: string[]
  /** Every text it was given to keep. */
  readonly values: string[]
  /** Every key it was given. */
  readonly keys: KvKey[]
}

export function loggingKv(kv: Kv = memoryKv()): LoggingKv {
  const log = { calls: [] as string[], values: [] as string[], keys: [] as KvKey[] } // no entries yet
  const note = (method: string, key: KvKey) => {
    log.calls.push(`${method} ${key.group} ${key.name}`)
    log.keys.push(key)
  }
  return {
    ...log,
    atomic: kv.atomic,
    get(key) {
      note('get', key)
      return kv.get(key)
    },
    put(key, value, o) {
      note('put', key)
      log.values.push(value)
      return kv.put(key, value, o)
    },
    delete(key, o) {
      note('delete', key)
      return kv.delete(key, o)
    },
    list(group, page) {
      log.calls.push(`list ${group}`)
      return kv.list(group, page)
    },
  }
}

/** A Kv over a back end that takes several texts for one. */
export function foldingKv(fold: (text: string) => string): Kv {
  const kv = memoryKv()
  const folded = ({ group, name }: KvKey) => ({ group: fold(group), name: fold(name) })
  return {
    atomic: true,
    get: (key) => kv.get(folded(key)),
    put: (key, value, o) => kv.put(folded(key), value, o),
    delete: (key, o) => kv.delete(folded(key), o),
    list: (group, page) => kv.list(fold(group), page),
  }
}

/** A record whose value tells what it is listed by. */
export function telling(listed: { session?: string; dueAt?: number }, by = ''): StoredValue {
  return { value: JSON.stringify({ ...listed, by }), connectedAt: 1000, ...listed }
}

/**
 * What a storage finds under these keys, and what its lists say of the same: every record that is there under all that
 * it is listed by, and nothing else.
 */
export async function listedAndFound(
  storage: TokenStorage,
  keys: readonly Key[],
): Promise<{ listed: Record<string, string[]>; found: Record<string, string[]> }> {
  const found: Record<string, string[]> = {}
  const listed: Record<string, string[]> = {}
  const add = (query: object, key: Key) => {
    const name = JSON.stringify(query)
    found[name] = [...(found[name] ?? []), nameOf(key)].sort()
  }
  for (const key of keys) {
    const { provider, owner, account } = key
    for (const query of [{}, { owner }, { provider, account }]) found[JSON.stringify(query)] ??= []
    const record = await storage.get(key)
    if (!record) continue
    const { session, dueAt }: { session?: string; dueAt?: number } = JSON.parse(record.value)
    for (const query of [{}, { owner }, { provider, account }]) add(query, key)
    if (session !== undefined) add({ provider, session }, key)
    if (dueAt !== undefined) add({ dueBefore: dueAt + 1 }, key)
  }
  for (const query of Object.keys(found)) {
    const { keys: page } = await storage.list(JSON.parse(query), { limit: 1000 })
    const due = /"dueBefore":(\d+)/.exec(query)?.[1]
    const exact = page.filter((key) => !due || found[query]?.includes(nameOf(key)))
    listed[query] = exact.map(nameOf).sort()
  }
  return { listed, found }
}

export function nameOf({ provider, owner, account }: Key): string {
  return `${provider} ${owner} ${account}`
}
