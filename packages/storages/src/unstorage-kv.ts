import type { Kv, KvKey } from 'fetch-dance'

/** What is used of a storage of unstorage. */
export interface Unstorage {
  getItem(key: string): Promise<unknown>
  setItem(key: string, value: object, options?: { ttl?: number }): Promise<void>
  removeItem(key: string): Promise<void>
  getKeys(base: string): Promise<string[]>
}

/** What is kept under a key: an object, because of a bare "12" only the number would come back. */
interface Kept {
  readonly value: string
  readonly version: string
  readonly expiresAt?: number
}

/** Seconds that a driver keeps an entry after its end: not every clock that reads it is right. */
const grace = 60
const pageSize = 100
/** Characters between two colons: file systems take 255. */
const longestSegment = 200

/**
 * A key-value store over unstorage. It looks before it writes, which is not atomic.
 *
 * @param storage What `createStorage()` of unstorage returned.
 * @returns A `Kv` without atomic writes.
 */
export function unstorageKv(storage: Unstorage): Kv {
  const read = async (key: string) => liveEntry(key, await storage.getItem(key))

  async function firstLiving(names: string[], group: string, count: number): Promise<string[]> {
    const living: string[] = []
    for (let from = 0; from < names.length && living.length < count; from += count) {
      const some = names.slice(from, from + count)
      const entries = await Promise.all(some.map((name) => read(itemKey({ group, name }))))
      living.push(...some.filter((_, index) => entries[index]))
    }
    return living.slice(0, count)
  }

  return {
    atomic: false,
    async get(key) {
      const found = await read(itemKey(key))
      return found && { value: found.value, version: found.version }
    },
    async put(key, value, { ifVersion, expiresAt } = {}) {
      const item = itemKey(key)
      if (ifVersion !== undefined && ((await read(item))?.version ?? null) !== ifVersion) {
        return 'conflict'
      }
      const version = crypto.randomUUID()
      const kept: Kept = { value, version, ...(expiresAt === undefined ? {} : { expiresAt }) }
      await storage.setItem(item, kept, lifetime(expiresAt))
      return { version }
    },
    async delete(key, { ifVersion } = {}) {
      const item = itemKey(key)
      const found = await read(item)
      if (!found || (ifVersion ?? found.version) !== found.version) return false
      await storage.removeItem(item)
      return true
    },
    async list(group, { after, limit = pageSize } = {}) {
      const base = groupKey(group)
      const names = (await storage.getKeys(base)).map((key) => decode(key.slice(base.length)))
      const left = names.sort().filter((name) => after === undefined || name > after)
      const living = await firstLiving(left, group, limit + 1)
      const page = living.slice(0, limit)
      const last = page.at(-1)
      return { names: page, ...(last !== undefined && living.length > limit && { after: last }) }
    },
  }
}

/** The entry, unless there is none or it has expired. */
function liveEntry(key: string, item: unknown): Kept | null {
  if (item === null || item === undefined) return null
  if (!isKept(item)) throw new Error(`Cannot read "${key}": it holds something else`)
  return item.expiresAt !== undefined && item.expiresAt * 1000 <= Date.now() ? null : item
}

function isKept(item: unknown): item is Kept {
  return typeof item === 'object' && item !== null && 'value' in item && 'version' in item
}

/** When a driver that can may collect the entry, in seconds from now. */
function lifetime(expiresAt: number | undefined): { ttl?: number } {
  if (expiresAt === undefined) return {}
  return { ttl: Math.max(grace, Math.ceil(expiresAt + grace - Date.now() / 1000)) }
}

function itemKey({ group, name }: KvKey): string {
  return groupKey(group) + encode(name)
}

function groupKey(group: string): string {
  return `fetch-dance:${encode(group)}:`
}

/**
 * A name of lower case letters, digits and `_`, as a path that no driver and no file system takes for another: `/`, `:`
 * and `?` mean something to unstorage, and not every disk tells `A` from `a`. A segment that goes on ends with `-`, so
 * that no file stands where another name needs a folder.
 */
function encode(name: string): string {
  const escaped = name.replace(/[^a-z0-9]/g, (char) => {
    return `_${char.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
  const segments = escaped.match(new RegExp(`.{1,${longestSegment}}`, 'g')) ?? ['']
  return `-${segments.join('-:')}`
}

function decode(path: string): string {
  const escaped = path.slice(1).replaceAll('-:', '')
  return escaped.replace(/_(..)/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}
