import { memoryStorage } from '@fetch-dance/testing'
import type { TokenStorage } from 'fetch-dance'

/** A strong storage that a test can break, slow down and look into. */
export interface UnreliableStorage extends TokenStorage {
  /** How the next writes of connections go wrong; `times` counts down, `Infinity` until `heal()`. */
  breakPut(how: 'lost' | 'applied' | 'hangs', times: number, after?: number): void
  /** How the next reads go wrong. */
  breakGet(times: number): void
  heal(): void
  /** Writes of connections that were tried. */
  readonly puts: number
  /** Milliseconds every call takes. */
  delay: number
  /** Every value written, for a look at what is kept. */
  readonly values: string[]
}

/** Wraps a storage in memory. A lost write throws and did not happen; an applied one throws and did. */
export function unreliableStorage(inner: TokenStorage = memoryStorage()): UnreliableStorage {
  let broken: { how: 'lost' | 'applied' | 'hangs'; times: number; after: number } = {
    how: 'lost',
    times: 0,
    after: 0,
  }
  let brokenGets = 0
  let puts = 0
  const pause = (milliseconds: number) =>
    new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
  const storage: UnreliableStorage = {
    consistency: 'strong',
    delay: 0,
    values: [],
    get puts() {
      return puts
    },
    breakPut(how, times, after = 0) {
      broken = { how, times, after }
    },
    breakGet(times) {
      brokenGets = times
    },
    heal() {
      broken.times = 0
      brokenGets = 0
    },
    async get(key, o) {
      if (storage.delay > 0) await pause(storage.delay)
      if (brokenGets > 0) {
        brokenGets -= 1
        throw new Error('the storage is away')
      }
      return inner.get(key, o)
    },
    async put(key, record, o) {
      if (storage.delay > 0) await pause(storage.delay)
      if (key.provider === 'flow') return inner.put(key, record, o)
      puts += 1
      storage.values.push(record.value)
      if (broken.times <= 0 || broken.after-- > 0) return inner.put(key, record, o)
      broken.times -= 1
      if (broken.how === 'hangs') return new Promise(() => {})
      if (broken.how === 'applied') await inner.put(key, record, o)
      throw new Error('the storage is away')
    },
    async delete(key, o) {
      if (storage.delay > 0) await pause(storage.delay)
      return inner.delete(key, o)
    },
    list: (query, page) => inner.list(query, page),
  }
  return storage
}
