import type { DanceContext } from './context.ts'
import { DanceError, definedOf, locateError } from './errors.ts'
import type { ProviderClient } from './protocol/protocol.ts'
import { type FoundRecord, type FoundValue, listPages, openValue, readValue } from './records.ts'
import type { TokenStorage } from './storage.ts'
import { now } from './token.ts'

/** How much of a walk to do, and where it goes on. */
export interface WalkOptions {
  readonly limit: number
  readonly after?: string
}

/** A connection that a walk came by, also one made for another client. */
export interface Walked {
  /** Keeps what is written no longer than what was found: nobody has visited. */
  readonly context: DanceContext
  readonly client: ProviderClient
  readonly storage: TokenStorage
  readonly found: FoundRecord & FoundValue
}

/** The storage, for what is done without a request. Throws `storage_unsuitable` where tokens are in cookies. */
export function serverStorage(
  { config: { storage } }: DanceContext,
  provider?: string,
): TokenStorage {
  if (typeof storage === 'object') return storage
  const message = 'Cannot do that without a request: it takes a server-side "storage"'
  throw new DanceError('storage_unsuitable', message, { phase: 'connection', provider })
}

/**
 * Walks over a storage's connections to configured providers, one after the other: nobody is to be flooded. What fails
 * is reported and counted, and stops nothing.
 *
 * @param work Says whether it did something.
 * @returns How often it did, how often not, and where to go on; no `after`: that was all.
 * Throws `storage_unsuitable`, and `storage_failed` where the storage cannot be listed.
 */
export async function walkStorage(
  context: DanceContext,
  query: Parameters<TokenStorage['list']>[0],
  o: WalkOptions,
  work: (one: Walked) => Promise<boolean>,
): Promise<{ done: number; failed: number; after?: string }> {
  const { config, clients, events } = context
  const storage = serverStorage(context)
  const counts = { done: 0, failed: 0 }
  let rest = {}
  for await (const { keys, after } of listPages(context, storage, query, o)) {
    for (const key of keys) {
      const { provider } = key
      const client = clients.get(provider)
      if (!client) continue
      try {
        const value = await readValue(context, storage, key, { fresh: true })
        const opened = value && (await openValue(context, storage, value))
        if (!opened) continue
        const found = { ...value, record: opened.data }
        const cookie = { ...config.cookie, maxAge: opened.exp - now() }
        const brief = { ...context, config: { ...config, cookie } }
        counts[(await work({ context: brief, client, storage, found })) ? 'done' : 'failed']++
      } catch (error) {
        counts.failed++
        await events.report(locateError(error, 'connection', provider), { provider })
      }
    }
    rest = definedOf({ after })
  }
  return { ...counts, ...rest }
}
