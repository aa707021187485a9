import { fakeProvider } from '@fetch-dance/testing'
import type { Dance, TokenStorage } from 'fetch-dance'
import { expect, test } from 'vitest'
import { appOver, browserOf, page } from './stories.ts'

const newer = 'f3c1a96b0d7e4285f6b1c09d3e8a7264915cbd0e2f4a6b8c7d9e1f0a3b5c7d9e'
const older = 'hZ3v1mWq0sJt8yLk5dXcB2nRfPg7aUeTiOoV9wMxSjY'
const day = 86_400
const users = ['alice', 'bob', 'carol']

/** Three users of an app, each connected with an account of their own. */
async function threeUsers(storage: TokenStorage) {
  const fake = fakeProvider({ rotation: 'strict', refreshExpiresIn: 10 * day })
  const dance = appOver(storage, fake)
  for (const id of users) {
    fake.set({ person: { id } })
    expect((await browserOf(dance, fake, id).connect()).status).toBe(200)
  }
  fake.tokenRequests.length = 0
  return { fake, dance }
}

/** Calls a walk until it says that that was all. */
async function walkAll<R extends Awaited<ReturnType<Dance['sweep'] | Dance['reseal']>>>(
  call: (page: { after?: string }) => Promise<R>,
): Promise<R[]> {
  const results = [await call({})]
  for (let after = results[0]?.after; after !== undefined; after = results.at(-1)?.after) {
    results.push(await call({ after }))
  }
  return results
}

/** What is done with connections while nobody visits, and when an app moves, told over one storage. */
export function tellWalkStories(create: () => Promise<TokenStorage> | TokenStorage): void {
  test('a sweep refreshes what would die unused, in as many calls as it takes A-17 [G8]', async () => {
    const { fake, dance } = await threeUsers(await create())
    const none = await dance.sweep({ expiringWithin: 9 * day, limit: 10 })
    expect([none, fake.tokenRequests.length]).toEqual([{ refreshed: 0, failed: 0 }, 0])
    fake.set({ refreshExpiresIn: 30 * day })
    const o = { expiringWithin: 11 * day, limit: 2 }
    const swept = await walkAll((where) => dance.sweep({ ...o, ...where }))
    const count = (name: 'refreshed' | 'failed') => swept.reduce((sum, one) => sum + one[name], 0)
    expect([count('refreshed'), count('failed'), fake.grants]).toEqual([3, 0, 3])
    expect(await dance.sweep(o)).toEqual({ refreshed: 0, failed: 0 })
    expect(fake.tokenRequests.length).toBe(3)
  })

  test('an older secret can be taken out when all is sealed anew A-10', async () => {
    const storage = await create()
    const { fake } = await threeUsers(storage)
    const both = appOver(storage, fake, { secret: [newer, older] })
    const walked = await walkAll((where) => both.reseal({ limit: 2, ...where }))
    expect(walked.reduce((sum, { resealed }) => sum + resealed, 0)).toBe(3)
    const alone = appOver(storage, fake, { secret: newer })
    for (const user of users) {
      expect((await browserOf(alone, fake, user).look()).status).toBe(200)
    }
    expect(await both.reseal({ limit: 100 })).toEqual({ resealed: 0 })
  })

  test.each([
    ['a user', 'alice', {}],
    ['a browser', undefined, { owner: undefined }],
  ])('%s stays connected when tokens come here from cookies A-19', async (_, user, options) => {
    const fake = fakeProvider({ rotation: 'strict' })
    const storage = await create()
    const before = appOver(storage, fake, { ...options, storage: undefined })
    const after = browserOf(appOver(storage, fake, options), fake, user)
    const browser = browserOf(before, fake, user)
    await browser.connect()
    const [token] = browser.jar.cookies()
    const headers = { 'set-cookie': `${token?.name}=${token?.value}; Path=/; Secure` }
    after.jar.store(new Response(null, { headers }), page)
    for (let visits = 0; visits < 2; visits += 1) expect((await after.look()).status).toBe(200)
    const left = after.jar.get(token?.name ?? '')
    expect(left).not.toBe(token?.value)
    expect([fake.consents, left === undefined]).toEqual([1, user !== undefined])
  })
}
