import type { TokenStorage } from 'fetch-dance'
import { checkEqual } from '../assert.ts'
import { aKey, aRecord, mustPut, type StorageCase } from './storage-case.ts'

const workers = /* @__PURE__ */ Array.from({ length: 20 }, (_, number) => `worker ${number}`)

/** What a strong storage promises: of many who write at once, one wins. */
export const raceCases: Record<string, StorageCase> = {
  'of 20 workers who create at once, one wins': async (storage) => {
    const winner = await race(storage, null)
    checkEqual((await storage.get(aKey))?.value, winner, 'value')
  },

  'of 20 workers who replace one version at once, one wins, ten times over': async (storage) => {
    let version = await mustPut(storage, aKey, aRecord('start'))
    for (let round = 0; round < 10; round += 1) {
      const winner = await race(storage, version)
      const now = await storage.get(aKey, { fresh: true })
      checkEqual(now?.value, winner, 'value')
      version = now?.version ?? ''
    }
  },

  'of a delete and a write of one version at once, one wins': async (storage) => {
    for (let round = 0; round < 10; round += 1) {
      const ifVersion = await mustPut(storage, aKey, aRecord('start'))
      const [deleted, written] = await Promise.all([
        storage.delete(aKey, { ifVersion }),
        storage.put(aKey, aRecord('written'), { ifVersion }),
      ])
      checkEqual(deleted, written === 'conflict', 'deleted')
      checkEqual((await storage.get(aKey))?.value ?? null, deleted ? null : 'written', 'value')
    }
  },

  'a flow is taken once by 20 workers': async (storage) => {
    const key = { provider: 'flow', owner: 'a-random-id', account: '' }
    const expiresAt = Math.floor(Date.now() / 1000) + 600
    const results = await Promise.all(
      workers.map((worker) =>
        storage.put(key, aRecord(worker, { expiresAt }), { ifVersion: null }),
      ),
    )
    checkEqual(results.filter((result) => result === 'conflict').length, 19, 'conflicts')
  },

  'a get sees the put before it': async (storage) => {
    for (let round = 0; round < 20; round += 1) {
      const version = await mustPut(storage, aKey, aRecord(`round ${round}`))
      checkEqual(await storage.get(aKey), { key: aKey, value: `round ${round}`, version }, 'get')
    }
  },
}

async function race(storage: TokenStorage, ifVersion: string | null): Promise<string | undefined> {
  const results = await Promise.all(
    workers.map((worker) => storage.put(aKey, aRecord(worker), { ifVersion })),
  )
  checkEqual(
    results.filter((result) => result === 'conflict').length,
    workers.length - 1,
    'conflicts',
  )
  return workers[results.findIndex((result) => typeof result === 'object')]
}
