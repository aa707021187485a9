import { within } from '../deadline.ts'
import { DanceError } from '../errors.ts'
import type { ProviderClient } from './protocol.ts'

interface Remembered<T> {
  readonly value: Promise<T>
  readonly until: number
}

/**
 * A document of the provider's, kept on the dance and loaded by one flight for all who ask at once.
 *
 * @param life Milliseconds it may be served from memory.
 * @param fresh Loads it anew, whatever is kept.
 * Throws what `load` throws; a failure is not kept, and what was kept before it holds on. Every caller has a timer of its own, since in workerd a promise
 * whose first request has ended may never settle: `provider_timeout`.
 */
export async function remember<T>(
  client: ProviderClient,
  name: string,
  life: number,
  load: () => Promise<T>,
  fresh = false,
): Promise<T> {
  const kept = client.memory.get(name) as Remembered<T> | undefined // only this function writes that name
  const drop = (entry: Remembered<T>) => {
    if (client.memory.get(name) !== entry) return
    if (kept && kept !== entry) client.memory.set(name, kept)
    else client.memory.delete(name)
  }
  if (!fresh && kept && kept.until > Date.now()) return waitFor(client, name, kept, drop)
  const entry: Remembered<T> = { value: load(), until: Date.now() + life }
  client.memory.set(name, entry)
  entry.value.catch(() => drop(entry))
  return waitFor(client, name, entry, drop)
}

function waitFor<T>(
  client: ProviderClient,
  name: string,
  entry: Remembered<T>,
  drop: (entry: Remembered<T>) => void,
): Promise<T> {
  return within(entry.value, client.http.timeout, () => {
    drop(entry)
    return new DanceError(
      'provider_timeout',
      `Cannot read the provider's ${name}: it took too long`,
    )
  })
}
