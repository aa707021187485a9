import { describeTokenStorage, memoryStorage } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'

describeTokenStorage('memoryStorage', () => memoryStorage(), { describe, test })

describe('memoryStorage()', () => {
  test('two of them share nothing', async () => {
    const [one, two] = [memoryStorage(), memoryStorage()]
    const key = { provider: 'github', owner: 'user:1', account: '' }
    await one.put(key, { value: 'sealed', connectedAt: 1 })
    expect(await two.get(key)).toBe(null)
  })
})
