import { within } from '../deadline.ts'
import { DanceError } from '../errors.ts'
import type { ProviderClient } from './protocol.ts'

interface Remembered<T> {
  readonly value: Promise<T>
  readonly until: number
  /** What was loaded before, for as long as this is not. */
  before?: Remembered<T> | undefined
  /** What came, once it has. */
  loaded?: T
}

/**
 * A document of the provider's, kept on the dance and loaded by one flight for all who ask at once.
 *
 * @param life Milliseconds it may be served from memory.
 * @param stale What did not serve: loads it anew, unless something newer is there or on its way.
 * Throws what `load` throws; a failure is not kept, and what was loaded before it lives on to its end. Every caller
 * has a timer of its own, since in workerd a promise whose first request has ended may never settle: `provider_timeout`.
 */
export async function remember<T>(
  client: ProviderClient,
  name: string,
  life: number,
  load: () => Promise<T>,
  stale?: T,
): Promise<T> {
  const kept = client.memory.get(name) as Remembered<T> | undefined // only this file writes that name
  const serves = kept && (stale === undefined || kept.loaded !== stale)
  if (serves && kept.until > Date.now()) return waitFor(client, name, kept)
  const before = kept?.loaded ? kept : kept?.before
  const entry: Remembered<T> = { value: load(), until: Date.now() + life, before }
  client.memory.set(name, entry)
  entry.value.then(
    (loaded) => Object.assign(entry, { loaded, before: undefined }),
    () => drop(client, name, entry),
  )
  return waitFor(client, name, entry)
}

/** What is kept under a name by now, loaded; undefined where nothing is. */
export function remembered(client: ProviderClient, name: string): unknown {
  const kept = client.memory.get(name) as Remembered<unknown> | undefined // only this file writes that name
  return kept?.loaded
}

function drop<T>({ memory }: ProviderClient, name: string, entry: Remembered<T>): void {
  if (memory.get(name) !== entry) return
  if (entry.before) memory.set(name, entry.before)
  else memory.delete(name)
}

function waitFor<T>(client: ProviderClient, name: string, entry: Remembered<T>): Promise<T> {
  return within(entry.value, client.http.timeout, () => {
    drop(client, name, entry)
    return new DanceError(
      'provider_timeout',
      `Cannot read the provider's ${name}: it took too long`,
    )
  })
}
