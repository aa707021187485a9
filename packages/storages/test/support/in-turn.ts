import type { TokenStorage } from 'fetch-dance'

/** One storage that asks another of these with every call: what several isolates do over one back end. */
export function inTurn(storages: readonly TokenStorage[]): TokenStorage {
  let calls = 0
  const next = () => {
    calls += 1
    const storage = storages[calls % storages.length]
    if (!storage) throw new Error('there is no storage')
    return storage
  }
  return {
    consistency: next().consistency,
    get: (...given) => next().get(...given),
    put: (...given) => next().put(...given),
    delete: (...given) => next().delete(...given),
    list: (...given) => next().list(...given),
  }
}
