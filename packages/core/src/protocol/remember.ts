import { within } from '../deadline.ts'
import { DanceError } from '../errors.ts'
import type { ProviderClient } from './protocol.ts'

/** How long a document is served from memory, in milliseconds. */
const life = 3_600_000

interface Kept<T> {
  /** What came last, and until when it serves. */
  loaded?: { readonly value: T; readonly until: number }
  /** What is on its way. */
  flight?: Promise<T>
}

/**
 * A document of the provider's, kept on the dance for an hour and loaded by one flight for all who ask at once.
 *
 * @param stale What did not serve: loads it anew, unless something newer is there or on its way.
 * Throws what `load` throws; a failure is not kept, and what was loaded before it lives on to its end. Every caller
 * has a timer of its own, since in workerd a promise whose first request has ended may never settle: `provider_timeout`.
 */
export async function remember<T>(
  client: ProviderClient,
  name: string,
  load: () => Promise<T>,
  stale?: T,
): Promise<T> {
  const kept = (client.memory.get(name) ?? {}) as Kept<T> // only this file writes that name
  client.memory.set(name, kept)
  const { loaded } = kept
  if (loaded && loaded.value !== stale && loaded.until > Date.now()) return loaded.value
  const flight = kept.flight ?? load()
  const land = (arrived = kept.loaded) => {
    if (kept.flight === flight) Object.assign(kept, { loaded: arrived, flight: undefined })
  }
  if (!kept.flight) {
    kept.flight = flight
    flight.then(
      (value) => land({ value, until: Date.now() + life }),
      () => land(),
    )
  }
  return within(
    () => flight,
    client.http.timeout,
    () => {
      land()
      const message = `Cannot read the provider's ${name}: it took too long`
      return new DanceError('provider_timeout', message)
    },
  )
}

/** What is kept under a name by now, loaded; undefined where nothing is. */
export function remembered(client: ProviderClient, name: string): unknown {
  const kept = client.memory.get(name) as Kept<unknown> | undefined // only this file writes that name
  return kept?.loaded?.value
}
