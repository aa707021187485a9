import { memoryStorage } from '@fetch-dance/testing'
import type { Row } from '../row.ts'
import { isolatesOver } from './in-process.ts'

/** One storage in memory, shared by all dances. */
export const memory: Row = {
  name: 'memory',
  promised: true,
  async open(env, isolates) {
    const storage = memoryStorage()
    return { isolates: isolatesOver(env, Array(isolates).fill(storage)) }
  },
}
