import type { ConnectionKey, TokenStorage } from 'fetch-dance'

type Key = Required<ConnectionKey>
type Put = Parameters<TokenStorage['put']>
type Query = Parameters<TokenStorage['list']>[0]

interface Entry {
  readonly key: Key
  readonly record: Put[1]
  readonly version: number
}

const pageSize = 100

/**
 * A strong {@link TokenStorage} in memory: for tests, and for apps that may forget everyone when they restart.
 *
 * @returns An empty storage; two dances that share it share their connections.
 * @example
 * ```ts
 * import { createDance } from 'fetch-dance'
 * import { fakeProvider, memoryStorage } from '@fetch-dance/testing'
 *
 * const fake = fakeProvider()
 * export const dance = createDance({
 *   providers: { fake: fake.provider() },
 *   storage: memoryStorage(),
 *   owner: (request) => request.headers.get('x-user'),
 *   fetch: fake.fetch,
 * })
 * ```
 */
export function memoryStorage(): TokenStorage {
  const entries = new Map<string, Entry>()
  // Counts on after a delete, so that no version is ever used twice.
  let lastVersion = 0
  const live = () => [...entries.values()].filter(isLive)

  function readOne(key: Key): Entry | undefined {
    const entry = entries.get(nameOf(key))
    return entry !== undefined && isLive(entry) ? entry : undefined
  }

  return {
    consistency: 'strong',
    async get({ provider, owner, account }) {
      const entry =
        account === undefined
          ? latestOf(live(), provider, owner)
          : readOne({ provider, owner, account })
      if (entry === undefined) return null
      return { key: { ...entry.key }, value: entry.record.value, version: `v${entry.version}` }
    },
    async put(key, record, { ifVersion, exclusive = false } = {}) {
      const current = readOne(key)
      if (ifVersion !== undefined && ifVersion !== versionOf(current)) return 'conflict'
      if (exclusive && isNamed(key) && live().some((entry) => isRival(entry.key, key)))
        return 'account_in_use'
      lastVersion += 1
      entries.set(nameOf(key), { key: copyKey(key), record: { ...record }, version: lastVersion })
      return { version: `v${lastVersion}` }
    },
    async delete(key, { ifVersion } = {}) {
      const current = readOne(key)
      if (current === undefined || (ifVersion !== undefined && ifVersion !== versionOf(current)))
        return false
      return entries.delete(nameOf(key))
    },
    async list(query, { after, limit = pageSize } = {}) {
      const found = live()
        .filter((entry) => matches(entry, query))
        .map((entry) => ({ key: copyKey(entry.key), place: placeOf(entry, query) }))
        .sort((a, b) => (a.place < b.place ? -1 : 1))
        .filter(({ place }) => after === undefined || place > after)
      const page = found.slice(0, limit)
      const last = page.at(-1)?.place
      const keys = page.map(({ key }) => key)
      return { keys, ...(last !== undefined && found.length > limit ? { after: last } : {}) }
    },
  }
}

function nameOf({ provider, owner, account }: Key): string {
  return JSON.stringify([provider, owner, account])
}

/** Where an entry stands in a list: those due first come first. */
function placeOf({ key, record }: Entry, query: Query): string {
  return ('dueBefore' in query ? `${record.dueAt}`.padStart(16, '0') : '') + nameOf(key)
}

function copyKey({ provider, owner, account }: Key): Key {
  return { provider, owner, account }
}

function versionOf(entry: Entry | undefined): string | null {
  return entry === undefined ? null : `v${entry.version}`
}

function isLive({ record: { expiresAt } }: Entry): boolean {
  return expiresAt === undefined || Date.now() < expiresAt * 1000
}

function latestOf(entries: readonly Entry[], provider: string, owner: string): Entry | undefined {
  return entries
    .filter(({ key }) => key.provider === provider && key.owner === owner)
    .sort((a, b) => b.record.connectedAt - a.record.connectedAt || b.version - a.version)[0]
}

/** Whether another named owner holds the account; browsers may share one. */
function isRival(held: Key, { provider, owner, account }: Key): boolean {
  const isSameAccount = held.provider === provider && held.account === account && account !== ''
  return isSameAccount && isNamed(held) && held.owner !== owner
}

function isNamed({ owner }: Key): boolean {
  return owner.startsWith('user:') || owner.startsWith('app:')
}

function matches({ key, record }: Entry, query: Query): boolean {
  if ('dueBefore' in query) return record.dueAt !== undefined && record.dueAt < query.dueBefore
  if ('session' in query) return key.provider === query.provider && record.session === query.session
  if ('account' in query) return key.provider === query.provider && key.account === query.account
  return !('owner' in query) || key.owner === query.owner
}
