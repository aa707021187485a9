import type { Kv } from 'fetch-dance'
import { checkEqual } from '../assert.ts'
import { thisSecond, turnOf } from '../contract.ts'
import { aKey, type KvCase, mustPut } from './kv-case.ts'

const workers = /* @__PURE__ */ Array.from({ length: 20 }, (_, number) => `worker ${number}`)

/** What an atomic store promises: of many who write at once, one wins. */
export const raceCases: Readonly<Record<string, KvCase>> = {
  'of 20 workers who create at once, one wins': async (kv, { clients }) => {
    const winner = await race(clients, null)
    checkEqual((await kv.get(aKey))?.value, winner, 'value')
  },

  'of 20 workers who create over an expired entry at once, one wins': async (
    kv,
    { clients, atTime },
  ) => {
    const expiresAt = thisSecond() + 100
    await mustPut(kv, aKey, 'old', { expiresAt })
    await atTime(expiresAt, async () => {
      const winner = await race(clients, null)
      checkEqual((await kv.get(aKey))?.value, winner, 'value')
    })
  },

  'of 20 workers who replace one version at once, one wins, ten times over': async (
    kv,
    { clients },
  ) => {
    let version = await mustPut(kv, aKey, 'start')
    for (let round = 0; round < 10; round += 1) {
      const winner = await race(clients, version)
      const now = await turnOf(clients, round).get(aKey)
      checkEqual(now?.value, winner, 'value')
      version = now?.version ?? ''
    }
  },

  'of a delete and a write of one version at once, one wins': async (kv, { clients }) => {
    for (let round = 0; round < 10; round += 1) {
      const ifVersion = await mustPut(kv, aKey, 'start')
      const [deleted, written] = await Promise.all([
        turnOf(clients, round).delete(aKey, { ifVersion }),
        turnOf(clients, round + 1).put(aKey, 'written', { ifVersion }),
      ])
      checkEqual(deleted, written === 'conflict', 'deleted')
      checkEqual((await kv.get(aKey))?.value ?? null, deleted ? null : 'written', 'value')
    }
  },

  'of 20 workers who delete one version at once, one did it': async (kv, { clients }) => {
    const ifVersion = await mustPut(kv, aKey, 'start')
    const deleted = await Promise.all(
      workers.map((_, turn) => turnOf(clients, turn).delete(aKey, { ifVersion })),
    )
    checkEqual(deleted.filter((one) => one).length, 1, 'deletes that deleted')
  },

  '20 workers who write in any case get 20 versions, and the last one stays': async (
    kv,
    { clients },
  ) => {
    const versions = await Promise.all(
      workers.map((worker, turn) => mustPut(turnOf(clients, turn), aKey, worker)),
    )
    checkEqual(new Set(versions).size, 20, 'different versions')
    const found = await kv.get(aKey)
    checkEqual(workers[versions.indexOf(found?.version ?? '')], found?.value, 'value')
  },

  'a get sees the put before it, in every client': async (_kv, { clients }) => {
    for (let round = 0; round < 20; round += 1) {
      const version = await mustPut(turnOf(clients, round), aKey, `round ${round}`)
      const found = await turnOf(clients, round + 1).get(aKey)
      checkEqual(found, { value: `round ${round}`, version }, 'get')
    }
  },
}

async function race(clients: readonly Kv[], ifVersion: string | null): Promise<string | undefined> {
  const results = await Promise.all(
    workers.map((worker, turn) => turnOf(clients, turn).put(aKey, worker, { ifVersion })),
  )
  const refused = results.filter((result) => result === 'conflict')
  checkEqual(refused.length, workers.length - 1, 'conflicts')
  return workers[results.findIndex((result) => result !== 'conflict')]
}
