import { checkCoordinator } from './coordinator.ts'
import { isNamed, writeExclusively } from './kv-account.ts'
import { groupOf, indexOf, ownerGroup, placeOf, prefixOf } from './kv-layout.ts'
import {
  type KvRecord,
  live,
  readKv,
  readListed,
  removeIndex,
  writeIndex,
  writeKv,
} from './kv-records.ts'
import type { Kv, StoredValue, TokenStorage } from './storage.ts'

type Key = Parameters<TokenStorage['put']>[0]
type PutOptions = Parameters<TokenStorage['put']>[2]
type Outcome = Awaited<ReturnType<TokenStorage['put']>>
type Found = KvRecord & { version: string }

const pageSize = 100

/** What a {@link kvStorage} can have beside it. */
export interface KvStorageOptions {
  /** A small atomic store, for a `kv` that is not: refreshes are claimed there. */
  readonly coordinator?: Kv
}

/**
 * Makes a token storage from any key-value store: four methods are all a back end has to bring.
 *
 * @param kv The store. Where it is `atomic` the storage is `strong`, else `eventual`.
 * @param o A coordinator, for a store that is not atomic.
 * @returns A storage for the `storage` option. It throws what the store throws.
 * Throws `option_invalid` for a coordinator that is not atomic.
 * @example
 * ```ts
 * import type { Kv } from 'fetch-dance'
 * import { kvStorage } from 'fetch-dance/kv-storage'
 *
 * export const storageOver = (kv: Kv) => kvStorage(kv)
 * ```
 */
export function kvStorage(kv: Kv, { coordinator }: KvStorageOptions = {}): TokenStorage {
  if (coordinator) checkCoordinator(coordinator)
  return {
    consistency: kv.atomic ? 'strong' : 'eventual',
    ...(coordinator && { coordinator }),
    async get({ provider, owner, account }) {
      const found =
        account === undefined
          ? await readLatest(kv, provider, owner)
          : live(await readKv(kv, await placeOf({ provider, owner, account })))
      if (!found) return null
      const { key = { provider, owner, account: account ?? '' }, value, version } = found
      return { key, value, version }
    },
    async put(key, stored, o = {}) {
      for (;;) {
        const outcome = await put(kv, { ...key }, { ...stored }, o)
        if (outcome !== 'conflict' || o.ifVersion !== undefined) return outcome
      }
    },
    async delete(key, { ifVersion } = {}) {
      const place = await placeOf(key)
      for (;;) {
        const found = live(await readKv(kv, place))
        if (!found || (ifVersion !== undefined && ifVersion !== found.version)) return false
        // one that is late might see another version at every attempt
        const isGone = await kv.delete(place, kv.atomic ? { ifVersion: found.version } : {})
        if (!isGone && kv.atomic) continue
        await removeIndex(kv, found.index)
        return true
      }
    },
    async list(query, { limit = pageSize, ...page } = {}) {
      const group = await groupOf(query)
      const { names, after } = await kv.list(group, { limit, ...page })
      const dueBefore = 'dueBefore' in query ? query.dueBefore : Infinity
      // the names of that group begin with their second
      const due = names.filter((name) => group !== 'due' || Number.parseInt(name, 10) < dueBefore)
      const records = await readListed(kv, group, due)
      const listed = records.filter(({ dueAt = 0 }) => group !== 'due' || dueAt < dueBefore)
      const isLast = after === undefined || due.length < names.length
      return { keys: listed.flatMap(({ key }) => key ?? []), ...(!isLast && { after }) }
    },
  }
}

async function readLatest(kv: Kv, provider: string, owner: string): Promise<Found | null> {
  const group = await ownerGroup(owner)
  const prefix = await prefixOf(provider)
  let latest: Found | null = null
  let page: { after?: string } = {}
  do {
    const { names, ...next } = await kv.list(group, page)
    const own = names.filter((name) => name.startsWith(prefix))
    for (const record of await readListed(kv, group, own)) {
      if (!latest || record.connectedAt >= latest.connectedAt) latest = record
    }
    page = next
  } while (page.after !== undefined)
  return latest
}

// The index entries come first and those it no longer needs go last: a crash leaves some too many, never one too few.
async function put(
  kv: Kv,
  key: Key,
  stored: StoredValue,
  { ifVersion, exclusive }: NonNullable<PutOptions>,
): Promise<Outcome> {
  const place = await placeOf(key)
  // the id of a taken flow: nobody looks for it, and one operation is all it takes
  if (key.provider === 'flow') return writeKv(kv, place, { ...stored, key, index: {} }, ifVersion)
  const found = await readKv(kv, place)
  const current = live(found)
  if (ifVersion !== undefined && ifVersion !== (current?.version ?? null)) return 'conflict'
  const claims = exclusive && isNamed(key.owner) && key.account !== ''
  const write = async () => {
    const index = await writeIndex(kv, await indexOf(key, stored), current?.index)
    const record = { ...stored, key, index, exclusive: claims || current?.exclusive === true }
    // where nothing is atomic, what was just compared is compared well enough
    const over = kv.atomic ? (found?.version ?? null) : undefined
    const outcome = await writeKv(kv, place, record, over)
    if (outcome !== 'conflict' && found) await removeIndex(kv, found.index, index)
    return outcome
  }
  return claims && !current?.exclusive ? writeExclusively(kv, key, place, write) : write()
}
