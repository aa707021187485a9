import { describeKv, describeTokenStorage, memoryKv } from '@fetch-dance/testing'
import { kvStorage } from 'fetch-dance/kv-storage'
import { describe, test } from 'vitest'

describeKv('memoryKv', () => memoryKv(), { describe, test })
// What does not apply to a store that is not atomic is not worth a line in every runtime's report.
const withoutSkips = {
  describe,
  test: (name: string, body: () => Promise<void>) => test(name, body),
}

describeKv('memoryKv, not atomic', () => memoryKv({ atomic: false }), {
  ...withoutSkips,
  atomic: false,
})

describeTokenStorage('kvStorage over memoryKv', () => kvStorage(memoryKv()), { describe, test })
describeTokenStorage(
  'kvStorage over memoryKv, not atomic',
  () => kvStorage(memoryKv({ atomic: false })),
  { ...withoutSkips, consistency: 'eventual' },
)
