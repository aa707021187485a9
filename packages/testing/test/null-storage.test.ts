import { nullStorage } from '@fetch-dance/testing'
import { expect, test } from 'vitest'

const key = { provider: 'github', owner: 'user:1', account: '' }

test('nullStorage() takes everything and keeps nothing', async () => {
  const storage = nullStorage()
  const first = await storage.put(key, { value: 'sealed', connectedAt: 1 })
  const second = await storage.put(key, { value: 'sealed', connectedAt: 1 }, { ifVersion: null })
  expect(first).not.toEqual(second)
  expect(await storage.get(key)).toBe(null)
  expect(await storage.delete(key)).toBe(false)
  expect(await storage.list({})).toEqual({ keys: [] })
})
