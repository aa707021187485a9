import { describeKv } from '@fetch-dance/testing'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { type TwoWorkers, twoWorkers } from './support/two-workers.ts'

let two: TwoWorkers

beforeAll(async () => {
  two = await twoWorkers()
})

afterAll(() => two?.dispose())

for (const backEnd of ['Workers KV', 'Durable Objects', 'D1'] as const) {
  const isLate = backEnd === 'Workers KV'
  const name = `${backEnd} of two Workers`
  describeKv(name, () => two.openKv(backEnd), { describe, test, atomic: !isLate })
}
