import type { TokenStorage } from 'fetch-dance'
import { checkEqual } from '../assert.ts'
import { thisSecond, turnOf } from '../contract.ts'
import { aKey, aRecord, listAll, mustPut, nameOf, type StorageCase } from './storage-case.ts'

const workers = /* @__PURE__ */ Array.from({ length: 20 }, (_, number) => `worker ${number}`)

/** What a strong storage promises: of many who write at once, one wins. */
export const raceCases: Readonly<Record<string, StorageCase>> = {
  'of 20 workers who create at once, one wins': async (storage, { clients }) => {
    const winner = await race(clients, null)
    checkEqual((await storage.get(aKey))?.value, winner, 'value')
  },

  'of 20 workers who create over an expired record at once, one wins': async (
    storage,
    { clients, atTime },
  ) => {
    const expiresAt = thisSecond() + 100
    await mustPut(storage, aKey, aRecord('old', { expiresAt }))
    await atTime(expiresAt, async () => {
      const winner = await race(clients, null)
      checkEqual((await storage.get(aKey))?.value, winner, 'value')
    })
  },

  'of 20 workers who replace one version at once, one wins, ten times over': async (
    storage,
    { clients },
  ) => {
    let version = await mustPut(storage, aKey, aRecord('start'))
    for (let round = 0; round < 10; round += 1) {
      const winner = await race(clients, version)
      const now = await turnOf(clients, round).get(aKey, { fresh: true })
      checkEqual(now?.value, winner, 'value')
      version = now?.version ?? ''
    }
  },

  'of a delete and a write of one version at once, one wins': async (storage, { clients }) => {
    for (let round = 0; round < 10; round += 1) {
      const ifVersion = await mustPut(storage, aKey, aRecord('start'))
      const [deleted, written] = await Promise.all([
        turnOf(clients, round).delete(aKey, { ifVersion }),
        turnOf(clients, round + 1).put(aKey, aRecord('written'), { ifVersion }),
      ])
      checkEqual(deleted, written === 'conflict', 'deleted')
      const { provider, account } = aKey
      const left = deleted ? [] : [nameOf(aKey)]
      checkEqual(await listAll(storage, { provider, account }, 10), left, 'keys of the account')
      checkEqual((await storage.get(aKey))?.value ?? null, deleted ? null : 'written', 'value')
    }
  },

  'of 20 workers who write in any case, the last is found by what it wrote, and no other': async (
    storage,
    { clients },
  ) => {
    const dueAt = (turn: number) => 1000 + turn
    await Promise.all(
      workers.map((session, turn) =>
        mustPut(turnOf(clients, turn), aKey, aRecord(session, { session, dueAt: dueAt(turn) })),
      ),
    )
    const last = (await storage.get(aKey, { fresh: true }))?.value
    const { provider } = aKey
    for (const [turn, session] of workers.entries()) {
      const found = session === last ? [nameOf(aKey)] : []
      checkEqual(await listAll(storage, { provider, session }, 10), found, session)
      if (session !== last) continue
      checkEqual(await listAll(storage, { dueBefore: dueAt(turn) }, 10), [], 'due before')
      checkEqual(await listAll(storage, { dueBefore: dueAt(turn) + 1 }, 10), found, 'due')
    }
  },

  'a flow is taken once by 20 workers': async (_storage, { clients }) => {
    const key = { provider: 'flow', owner: 'a-random-id', account: '' }
    const expiresAt = thisSecond() + 600
    const results = await Promise.all(
      workers.map((worker, turn) =>
        turnOf(clients, turn).put(key, aRecord(worker, { expiresAt }), { ifVersion: null }),
      ),
    )
    checkEqual(results.filter((result) => result === 'conflict').length, 19, 'conflicts')
  },

  'a get sees the put before it, in every client': async (_storage, { clients }) => {
    const { provider, owner } = aKey
    for (let round = 0; round < 20; round += 1) {
      const version = await mustPut(turnOf(clients, round), aKey, aRecord(`round ${round}`))
      const other = turnOf(clients, round + 1)
      const written = { key: aKey, value: `round ${round}`, version }
      checkEqual(await other.get(aKey, { fresh: true }), written, 'get')
      checkEqual(await other.get({ provider, owner }, { fresh: true }), written, 'get the last')
    }
  },
}

async function race(
  clients: readonly TokenStorage[],
  ifVersion: string | null,
): Promise<string | undefined> {
  const results = await Promise.all(
    workers.map((worker, turn) => turnOf(clients, turn).put(aKey, aRecord(worker), { ifVersion })),
  )
  const refused = results.filter((result) => result === 'conflict')
  checkEqual(refused.length, workers.length - 1, 'conflicts')
  return workers[results.findIndex((result) => typeof result === 'object')]
}
