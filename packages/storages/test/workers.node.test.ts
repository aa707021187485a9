import { describeKv, describeTokenStorage } from '@fetch-dance/testing'
import type { TokenStorage } from 'fetch-dance'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { tellStories } from './support/stories.ts'
import { type TwoWorkers, twoWorkers } from './support/two-workers.ts'

let two: TwoWorkers

beforeAll(async () => {
  two = await twoWorkers()
})

afterAll(() => two?.dispose())

for (const backEnd of ['Workers KV', 'Durable Objects', 'D1'] as const) {
  const [atomic, consistency] =
    backEnd === 'Workers KV' ? ([false, 'eventual'] as const) : ([true, 'strong'] as const)
  const name = `${backEnd} of two Workers`
  describeKv(name, () => two.openKv(backEnd), { describe, test, atomic })
  const openStorage = () => two.openStorage(backEnd)
  describeTokenStorage(name, openStorage, { describe, test, consistency })
  tellStories(name, async () => byTurns(await openStorage()), consistency)
}

/** One storage whose calls go to one client and another. */
function byTurns(clients: readonly TokenStorage[]): TokenStorage {
  let turns = 0
  const next = () => {
    const client = clients[turns++ % clients.length]
    if (!client) throw new Error('There are no clients')
    return client
  }
  return {
    consistency: next().consistency,
    get: (...args) => next().get(...args),
    put: (...args) => next().put(...args),
    delete: (...args) => next().delete(...args),
    list: (...args) => next().list(...args),
  }
}
