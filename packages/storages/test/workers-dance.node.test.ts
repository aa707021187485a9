import { describe, expect, test } from 'vitest'
import { twoOf } from './support/two-workers.ts'
import { connectIn, loginIn, type WorkersApp } from './support/workers-app.ts'

const coordinated = [
  'Workers KV beside a Durable Object',
  'Workers KV beside D1',
  'Durable Objects',
  'D1',
  'D1 behind a cache',
]

describe('a dance in two Workers', () => {
  test.each(coordinated)(
    'over %s: connects, refreshes once for 20 requests, disconnects [G9]',
    async (storage) => {
      const app = await connectOver(storage)
      expect(await loginIn(await app.look('two'))).toBe('octocat')
      expect(app.fake.tokenRequests.length).toBe(1)

      app.fake.set({ rotation: 'strict' })
      app.later(3600)
      expect(await app.lookOften()).toEqual(Array(20).fill('octocat'))
      expect(app.fake.tokenRequests.length).toBe(2)
      expect(await loginIn(await app.look('one'))).toBe('octocat')

      await app.disconnect()
      expect(app.fake.grants).toBe(0)
      for (const worker of ['one', 'two'] as const) {
        expect((await app.look(worker)).status).toBe(302)
      }
    },
  )

  test('over Workers KV alone: each Worker refreshes for itself [G9]', async () => {
    const app = await connectOver('Workers KV')
    app.later(3600)
    expect(await app.lookOften()).toEqual(Array(20).fill('octocat'))
    expect([2, 3]).toContain(app.fake.tokenRequests.length)
    await app.disconnect()
    for (const worker of ['one', 'two'] as const) {
      expect((await app.look(worker)).status).toBe(302)
    }
  })
})

describe('in workerd, where a promise of a request that has ended may never settle', () => {
  test.each(['Durable Objects', 'Workers KV beside D1', 'Workers KV', 'cookies'])(
    'over %s: a refresh whose request answered early hangs nobody who waits for it [G5]',
    async (storage) => {
      const app = await connectOver(storage)
      app.later(3600)
      const release = app.hold()
      const early = app.look('one', '/early')
      await new Promise((resolve) => setTimeout(resolve, 250))
      const began = performance.now()
      const waiting = app.look('one')
      expect(await (await early).text()).toBe('early')
      const late = app.look('one')
      for (const { status } of await Promise.all([waiting, late])) {
        expect([503, 504]).toContain(status)
      }
      expect(performance.now() - began).toBeLessThan(6_000)

      release()
      app.later(60) // its claim has lapsed
      expect(await loginIn(await app.look('one'))).toBe('octocat')
    },
  )
})

async function connectOver(storage: string): Promise<WorkersApp> {
  const workers = await twoOf(new URL('fixture/app.ts', import.meta.url))
  return connectIn(workers.map((one) => ({ ...one, bindings: { STORAGE: storage } })))
}
