import { fakeProvider, joinFakes, memoryStorage, walkDance } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { eventualStorage, memoryCoordinator } from './support/isolates.ts'
import { kit, origin, travel } from './support/kit.ts'
import { userOf } from './support/session.ts'
import { unreliableStorage } from './support/unreliable-storage.ts'
import { connectUsers, day, walkAll, withUsers } from './support/walks.ts'

const page = `${origin}/`

describe('sweep()', () => {
  test('keeps a connection that nobody uses alive for a year A-17 [G8]', async () => {
    const all = withUsers()
    await connectUsers(all, 'alice')
    const { dance, fake } = all
    for (let week = 1; week <= 52; week++) {
      const back = travel(week * 7 * day)
      try {
        const swept = await dance.sweep({ expiringWithin: 8 * day, limit: 10 })
        expect(swept).toEqual({ refreshed: 1, failed: 0 })
      } finally {
        back()
      }
    }
    expect([fake.consents, fake.tokenRequests.length]).toEqual([1, 52])
    const connection = await dance.connection({ provider: 'fake', owner: 'alice' })
    expect((await connection.fetch('/user')).status).toBe(200)
  })

  test('refreshes though the access token is good, or has no end, and only what is due', async () => {
    const all = withUsers()
    const { dance, events, fake } = all
    await connectUsers(all, 'alice')
    fake.set({ expiresIn: null })
    await connectUsers(all, 'bob')
    fake.set({ refreshExpiresIn: null })
    await connectUsers(all, 'carol')
    const none = await dance.sweep({ expiringWithin: 9 * day, limit: 10 })
    expect([none, fake.tokenRequests.length]).toEqual([{ refreshed: 0, failed: 0 }, 0])
    fake.set({ refreshExpiresIn: 30 * day })
    const two = await dance.sweep({ expiringWithin: 11 * day, limit: 10 })
    expect([two, fake.tokenRequests.length]).toEqual([{ refreshed: 2, failed: 0 }, 2])
    expect(events.filter((name) => name === 'refreshed').length).toBe(2)
    expect(await dance.sweep({ expiringWithin: 11 * day, limit: 10 })).toEqual({
      refreshed: 0,
      failed: 0,
    })
  })

  test.each([
    ['a storage with pages of its own size', 2],
    ['a storage that takes any', 100],
  ])('goes on where it ended, and comes by each connection once, over %s', async (_, most) => {
    const inner = memoryStorage()
    const all = withUsers({
      storage: {
        ...inner,
        list: (query: object, { after, limit = 100 }: { after?: string; limit?: number } = {}) =>
          inner.list(query, {
            limit: Math.min(most, limit),
            ...(after !== undefined && { after }),
          }),
      },
    })
    await connectUsers(all, '1', '2', '3', '4', '5', '6', '7')
    const { dance, fake } = all
    // what is refreshed is due no more
    fake.set({ refreshExpiresIn: 30 * day })
    const o = { expiringWithin: 11 * day, limit: 3 }
    const first = await dance.sweep(o)
    expect([first.refreshed, typeof first.after, fake.tokenRequests.length]).toEqual([
      3,
      'string',
      3,
    ])
    const rest = await walkAll((where) => dance.sweep({ ...o, ...first, ...where }))
    expect([rest, fake.tokenRequests.length]).toEqual([{ refreshed: 4, failed: 0, calls: 2 }, 7])
  })

  test('passes by providers that are configured no more, and logins under way', async () => {
    const storage = memoryStorage()
    const all = withUsers({ storage })
    await connectUsers(all, 'alice')
    const other = fakeProvider({ id: 'other', issuer: 'https://other.test' })
    const { dance, errors } = kit({
      storage,
      providers: { other: other.provider() },
      fetch: joinFakes(all.fake, other),
    })
    const swept = await dance.sweep({ expiringWithin: 1000 * day, limit: 10 })
    expect([swept, errors]).toEqual([{ refreshed: 0, failed: 0 }, []])
    expect(await dance.reseal({ limit: 10 })).toEqual({ resealed: 0 })
    expect(all.fake.tokenRequests.length).toBe(0)
  })

  test('keeps the record of a browser no longer than since its last visit', async () => {
    const storage = memoryStorage()
    const all = withUsers({ storage, owner: undefined })
    const { app, dance, fake, jar } = all
    await walkDance(app, fake, page, jar)
    const sweepOn = async (days: number) => {
      const back = travel(days * day)
      try {
        const { refreshed } = await dance.sweep({ expiringWithin: 30 * day, limit: 10 })
        return refreshed
      } finally {
        back()
      }
    }
    const days = [9, 18, 27, 36, 45, 54, 63, 72, 81, 89, 91]
    const swept = []
    for (const on of days) swept.push(await sweepOn(on))
    expect(swept).toEqual([...days.slice(1).map(() => 1), 0])
  })

  test('waits for what came to be saved, where the storage is away meanwhile [G8]', async () => {
    const storage = unreliableStorage()
    const all = withUsers({ storage })
    await connectUsers(all, 'alice')
    const { dance, fake } = all
    storage.breakPut('lost', 5, 1) // the claim is written, and what came is not for more than a second
    const swept = await dance.sweep({ expiringWithin: 11 * day, limit: 10 })
    expect(swept).toEqual({ refreshed: 1, failed: 0 })
    const found = await storage.get({ provider: 'fake', owner: 'user:alice' })
    expect(storage.values.at(-1)).toBe(found?.value)
    const another = kit({ storage, owner: userOf }, fake).dance
    const connection = await another.connection({ provider: 'fake', owner: 'alice' })
    await connection.token({ minValidity: 3601 })
    expect([fake.grants, fake.tokenRequests.length]).toEqual([1, 2])
  })

  test.each([
    ['a strong storage', () => memoryStorage()],
    ['an eventual one with a coordinator', () => eventualStorage(memoryCoordinator())],
  ])(
    'and visits of two isolates send a refresh token once, over %s NX-10 [G9]',
    async (_, make) => {
      const storage = make()
      const all = withUsers({ storage })
      await connectUsers(all, 'alice')
      const other = kit({ storage, owner: userOf }, all.fake).dance
      const connection = await other.connection({ provider: 'fake', owner: 'alice' })
      const o = { expiringWithin: 11 * day, limit: 10 }
      all.fake.fault({ endpoint: 'token', delay: 50, afterwards: true })
      const [swept] = await Promise.all([
        all.dance.sweep(o),
        connection.token({ minValidity: 3601 }),
        connection.token({ minValidity: 3601 }),
      ])
      expect([swept, all.fake.grants]).toEqual([{ refreshed: 1, failed: 0 }, 1])
    },
  )

  test('needs a storage on the server, as all that is done without a request', async () => {
    const { dance } = kit()
    const unsuitable = { code: 'storage_unsuitable', status: 500 }
    await expect(dance.sweep({ expiringWithin: 1, limit: 1 })).rejects.toMatchObject(unsuitable)
    await expect(dance.reseal({ limit: 1 })).rejects.toMatchObject(unsuitable)
    await expect(dance.connection({ provider: 'fake', owner: 'a' })).rejects.toMatchObject(
      unsuitable,
    )
  })
})
