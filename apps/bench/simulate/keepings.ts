import { memoryKv, memoryStorage } from '@fetch-dance/testing'
import { type RequestStorage, sealedCookieStorage, type TokenStorage } from 'fetch-dance'
import type { Through } from './isolate.ts'
import type { Simulation } from './simulation.ts'

/** What isolates share: the storage as one of them sees it. */
export type Back = (through: Through, isolate: string) => TokenStorage | RequestStorage

/** Where tokens are kept, by name: in a strong storage, and in others with a coordinator beside them. */
export const keepings: Readonly<Record<string, (simulation: Simulation) => Back>> = {
  strong(simulation) {
    const storage = troubled(simulation, memoryStorage())
    return (through) => through(storage, quick(simulation))
  },
  eventual(simulation) {
    const storage = memoryStorage()
    const coordinator = troubled(simulation, memoryKv())
    return (through) => ({
      ...through(troubled(simulation, withLateReads(simulation, storage)), quick(simulation)),
      coordinator: through(coordinator, quick(simulation)),
    })
  },
  cookies(simulation) {
    const coordinator = troubled(simulation, memoryKv())
    return (through) =>
      sealedCookieStorage({ coordinator: through(coordinator, quick(simulation)) })
  },
}

function quick({ random }: Simulation): () => number {
  const pace = random.pick([1, 5, 25])
  return () => (random.chance(0.02) ? random.between(100, 600) : random.between(1, 20) * pace)
}

/** A store with what the row says of storages: outages, and writes that throw, whether they happened or not. */
function troubled<T extends object>(simulation: Simulation, store: T): T {
  const { clock, random, row } = simulation
  const entries = Object.entries(store).map(([name, value]) => {
    if (typeof value !== 'function') return [name, value]
    const call = async (...args: unknown[]) => {
      const end = simulation.outageUntil()
      if (end !== undefined && random.chance(0.5)) await clock.sleep(end - clock.now())
      if (end !== undefined) throw new Error('the storage is away')
      const isWrite = name === 'put' || name === 'delete'
      const fails = isWrite && simulation.isTroubled && random.chance(row.failingWrites ?? 0)
      const isApplied = !fails || random.chance(0.5)
      const answer = isApplied ? await value(...args) : undefined
      if (fails) throw new Error(isApplied ? 'it happened all the same' : 'it did not happen')
      return answer
    }
    return [name, call]
  })
  return Object.fromEntries(entries) as T // every method with the signature it had
}

/** A storage as an isolate sees it that is far from the last write: what it read it may see for a minute more. */
function withLateReads({ clock, random }: Simulation, storage: TokenStorage): TokenStorage {
  const seen = new Map<string, { found: Awaited<ReturnType<TokenStorage['get']>>; until: number }>()
  const nameOf = ({ provider, owner }: { provider: string; owner: string }) =>
    `${provider} ${owner}`
  const get: TokenStorage['get'] = async (key) => {
    const kept = seen.get(nameOf(key))
    if (kept && kept.until > clock.now()) return kept.found
    const found = await storage.get(key)
    seen.set(nameOf(key), { found, until: clock.now() + random.between(0, 60_000) })
    return found
  }
  return {
    ...storage,
    consistency: 'eventual',
    get,
    async put(key, record, { ifVersion, ...o } = {}) {
      const version = (await get(key))?.version ?? null
      if (ifVersion !== undefined && ifVersion !== version) return 'conflict'
      const outcome = await storage.put(key, record, o)
      seen.delete(nameOf(key))
      return outcome
    },
    async delete(key) {
      seen.delete(nameOf(key))
      return storage.delete(key)
    },
  }
}
