import { describe, expect, test } from 'vitest'
import { kit, travel } from './support/kit.ts'
import { unreliableStorage } from './support/unreliable-storage.ts'
import { connectUsers, day, withUsers } from './support/walks.ts'

describe('sweep(), where something fails,', () => {
  test('counts what fails, tells it once, and goes on NX-06 [G8]', async () => {
    const all = withUsers()
    await connectUsers(all, 'alice', 'bob', 'carol')
    const { dance, errors, fake } = all
    fake.fault({ endpoint: 'token', status: 503 })
    const swept = await dance.sweep({ expiringWithin: 11 * day, limit: 10 })
    expect(swept).toEqual({ refreshed: 2, failed: 1 })
    expect(errors.map(({ code }) => code)).toEqual(['provider_unavailable'])
    expect(fake.grants).toBe(3)
    const back = travel(2 * 3600) // the access tokens are over too
    try {
      errors.length = 0
      fake.fault({ endpoint: 'token', status: 500, times: 2 })
      const again = await dance.sweep({ expiringWithin: 11 * day, limit: 10 })
      expect([again.refreshed, again.failed]).toEqual([1, 2])
      expect(errors.map(({ code }) => code)).toEqual([
        'provider_unavailable',
        'provider_unavailable',
      ])
    } finally {
      back()
    }
  })

  test('ends what the provider has ended, and does not come by it again NX-08', async () => {
    const all = withUsers()
    await connectUsers(all, 'alice')
    const { dance, events, fake } = all
    fake.endGrants()
    const o = { expiringWithin: 11 * day, limit: 10 }
    expect(await dance.sweep(o)).toEqual({ refreshed: 0, failed: 1 })
    expect(events).toContain('needsLogin')
    expect(await dance.sweep(o)).toEqual({ refreshed: 0, failed: 0 })
    const { reason } = await dance.connection({ provider: 'fake', owner: 'alice' })
    expect(reason).toBe('revoked')
  })

  test('says of a record that cannot be read or opened that it failed, and goes on A-10', async () => {
    const storage = unreliableStorage()
    const all = withUsers({ storage })
    await connectUsers(all, 'alice', 'bob', 'carol')
    const { dance, errors } = all
    storage.breakGet(1)
    const o = { expiringWithin: 11 * day, limit: 10 }
    expect(await dance.sweep(o)).toEqual({ refreshed: 2, failed: 1 })
    const key = { provider: 'fake', owner: 'user:alice', account: 'alice' }
    await storage.put(key, { value: 'nonsense', connectedAt: 1, dueAt: 1 })
    expect(await dance.sweep({ ...o, expiringWithin: 0 })).toEqual({ refreshed: 0, failed: 1 })
    expect(errors.map(({ code, provider }) => [code, provider])).toEqual([
      ['storage_failed', 'fake'],
      ['storage_failed', 'fake'],
    ])
    await expect(
      kit({ storage: { ...storage, list: async () => Promise.reject(new Error('away')) } })
        .dance //
        .sweep(o),
    ).rejects.toMatchObject({ code: 'storage_failed' })
  })
})
