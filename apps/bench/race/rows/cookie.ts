import { sealedCookieStorage } from 'fetch-dance'
import type { Row } from '../row.ts'
import { isolatesOver } from './in-process.ts'

/** The token in the visitor's cookie, and nothing that the isolates share. */
export const cookie: Row = {
  name: 'cookie alone',
  promised: false,
  async open(env, isolates) {
    const storages = Array.from({ length: isolates }, () => sealedCookieStorage())
    return { isolates: isolatesOver(env, storages) }
  },
}
