import { type FakeProvider, fakeProvider, memoryStorage } from '@fetch-dance/testing'
import type { ConnectionKey, TokenStorage } from 'fetch-dance'
import { type Kit, kit } from './kit.ts'

/** An app that keeps tokens in cookies, and the same app with a storage. */
export interface MovingApp {
  readonly fake: FakeProvider
  readonly before: Kit
  readonly after: Kit
  /** The connections in the storage. */
  keys(): Promise<Required<ConnectionKey>[]>
}

/** Lays out an app that moves from cookies to a storage. */
export function movingApp(
  options: object = {},
  o: { fake?: FakeProvider; storage?: TokenStorage } = {},
): MovingApp {
  const { fake = fakeProvider({ rotation: 'strict' }), storage = memoryStorage() } = o
  return {
    fake,
    before: kit(options, fake),
    after: kit({ ...options, storage }, fake),
    async keys() {
      const { keys } = await storage.list({})
      return keys.filter(({ provider }) => provider !== 'flow')
    },
  }
}
