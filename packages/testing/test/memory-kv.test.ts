import { describeKv, describeTokenStorage, memoryKv } from '@fetch-dance/testing'
import { kvStorage } from 'fetch-dance/kv-storage'
import { describe, test } from 'vitest'

describeKv('memoryKv', () => memoryKv(), { describe, test })
describeKv('memoryKv, not atomic', () => memoryKv({ atomic: false }), {
  describe,
  test,
  atomic: false,
})

describeTokenStorage('kvStorage over memoryKv', () => kvStorage(memoryKv()), { describe, test })
describeTokenStorage(
  'kvStorage over memoryKv, not atomic',
  () => kvStorage(memoryKv({ atomic: false })),
  { describe, test, consistency: 'eventual' },
)
