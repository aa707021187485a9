import { cookieJar, fakeProvider, memoryStorage, walkDance } from '@fetch-dance/testing'
import type { Dance, TokenStorage } from 'fetch-dance'
import { expect } from 'vitest'
import { type Kit, kit, origin } from './kit.ts'
import { signIn, userOf } from './session.ts'

/** Seconds of a day. */
export const day: number = 24 * 3600

/** An app whose provider lets a refresh token die when it is not used for ten days, and takes none twice. */
export function withUsers(options: object = {}): Kit {
  const fake = fakeProvider({ rotation: 'strict', refreshExpiresIn: 10 * day })
  return kit({ storage: memoryStorage(), owner: userOf, ...options }, fake)
}

/** Users of the app who connect, each with an account of their own. */
export async function connectUsers({ app, fake }: Kit, ...users: string[]): Promise<void> {
  for (const id of users) {
    fake.set({ person: { id } })
    expect((await walkDance(app, fake, `${origin}/`, signIn(cookieJar(), id))).status).toBe(200)
  }
  fake.tokenRequests.length = 0
}

/** A storage, and all that was written into it, in order. */
export interface WatchedStorage extends TokenStorage {
  readonly written: Parameters<TokenStorage['put']>[]
}

/** Writes down what connections are written into a storage. */
export function watchedStorage(inner: TokenStorage): WatchedStorage {
  const written: WatchedStorage['written'] = []
  return {
    ...inner,
    written,
    put(key, record, o) {
      if (key.provider !== 'flow') written.push([key, record, o])
      return inner.put(key, record, o)
    },
  }
}

/** Calls a walk until it says that that was all: the sum of each count, and how many calls it took. */
export async function walkAll(
  call: (page: { after?: string }) => ReturnType<Dance['sweep'] | Dance['reseal']>,
): Promise<Record<string, number>> {
  const sums: Record<string, number> = { calls: 0 }
  let page: { after?: string } = {}
  do {
    const { after, ...counts } = await call(page)
    for (const [name, count] of Object.entries({ ...counts, calls: 1 })) {
      sums[name] = (sums[name] ?? 0) + count
    }
    page = after === undefined ? {} : { after }
  } while (page.after !== undefined)
  return sums
}
