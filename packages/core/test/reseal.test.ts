import { cookieJar, fakeProvider, memoryStorage, walkDance } from '@fetch-dance/testing'
import type { TokenStorage } from 'fetch-dance'
import { describe, expect, test } from 'vitest'
import { kit, origin, secret, travel } from './support/kit.ts'
import { signIn, userOf } from './support/session.ts'
import { day, walkAll, watchedStorage } from './support/walks.ts'

const page = `${origin}/`
const newer = 'f3c1a96b0d7e4285f6b1c09d3e8a7264915cbd0e2f4a6b8c7d9e1f0a3b5c7d9e'

/** An app with some users and a browser, all connected under the first secret. */
async function beforeTheChange(storage: TokenStorage = memoryStorage(), options: object = {}) {
  const fake = fakeProvider({ rotation: 'strict', refreshExpiresIn: 10 * day })
  const old = kit({ storage, owner: userOf, ...options }, fake)
  const jars = []
  for (const id of ['alice', 'bob', 'carol']) {
    fake.set({ person: { id } })
    const jar = signIn(cookieJar(), id)
    await walkDance(old.app, fake, page, jar)
    jars.push(jar)
  }
  const browser = kit({ storage, ...options }, fake)
  await walkDance(browser.app, fake, page, browser.jar)
  const under = (secrets: string[], more: object = {}) =>
    kit({ storage, owner: userOf, ...options, secret: secrets, ...more }, fake)
  return { fake, old, browser, jars, under, storage }
}

describe('reseal()', () => {
  test('seals anew what an older secret sealed: that can be taken out then A-10', async () => {
    const { fake, under, jars } = await beforeTheChange()
    const { consents } = fake
    const both = under([newer, secret])
    const walked = await walkAll((where) => both.dance.reseal({ limit: 3, ...where }))
    expect(walked).toEqual({ resealed: 4, calls: 3 }) // four connections, and the logins that were taken
    const { app, dance, errors } = under([newer])
    for (const jar of jars) expect((await jar.send(app, page)).status).toBe(200)
    expect([errors, fake.consents]).toEqual([[], consents])
    expect(await dance.reseal({ limit: 100 })).toEqual({ resealed: 0 })
  })

  test('leaves what the newest secret sealed as it stands, and finds the rest', async () => {
    const { old, under, storage } = await beforeTheChange()
    expect(await old.dance.reseal({ limit: 100 })).toEqual({ resealed: 0 })
    const both = under([newer, secret]).dance
    const connection = await both.connection({ provider: 'fake', owner: 'bob' })
    await connection.token({ minValidity: 3601 }) // a write seals anew too
    const key = { provider: 'fake', owner: 'user:bob' }
    const version = (await storage.get(key))?.version
    expect(await both.reseal({ limit: 100 })).toEqual({ resealed: 3 })
    expect((await storage.get(key))?.version).toBe(version)
  })

  test('changes nothing else: neither times nor order, nor how long a record lives', async () => {
    const storage = watchedStorage(memoryStorage())
    const { under, browser, fake } = await beforeTheChange(storage)
    const before = storage.written
      .splice(0)
      .map(([key, { value: _sealed, ...rest }]) => [key, rest])
    const back = travel(5 * day)
    try {
      await under([newer, secret]).dance.reseal({ limit: 100 })
      const after = storage.written.splice(0).map(([key, { value: _sealed, ...rest }, o]) => {
        expect(o).toEqual({ ifVersion: expect.any(String) })
        return [key, rest]
      })
      const byOwner = (records: unknown[]) => records.map((one) => JSON.stringify(one)).sort()
      expect(byOwner(after)).toEqual(byOwner(before))
    } finally {
      back()
    }
    const forBrowsers = kit({ storage, secret: [newer, secret] }, fake)
    expect((await browser.jar.send(forBrowsers.app, page)).status).toBe(200)
  })

  test('passes by what does not open, tells it, and goes on A-10', async () => {
    const { under, storage } = await beforeTheChange()
    const key = { provider: 'fake', owner: 'user:bob', account: 'bob' }
    await storage.put(key, { value: 'nonsense', connectedAt: 1 })
    const { dance, errors } = under([newer, secret])
    expect(await dance.reseal({ limit: 100 })).toEqual({ resealed: 3 })
    expect(errors.map(({ code, provider }) => [code, provider])).toEqual([
      ['storage_failed', 'fake'],
    ])
    expect((await storage.get(key))?.value).toBe('nonsense')
  })

  test('leaves a record that was written in the meantime', async () => {
    const inner = memoryStorage()
    const { under } = await beforeTheChange(inner)
    const both = [newer, secret]
    const other = under(both).dance
    const storage: TokenStorage = {
      ...inner,
      async put(key, record, o) {
        if (key.owner === 'user:bob') {
          const connection = await other.connection({ provider: 'fake', owner: 'bob' })
          await connection.token({ minValidity: 3601 })
        }
        return inner.put(key, record, o)
      },
    }
    const { dance, errors } = under(both, { storage })
    expect(await dance.reseal({ limit: 100 })).toEqual({ resealed: 3 })
    expect(errors).toEqual([])
    const { token } = await under([newer]).dance.connection({ provider: 'fake', owner: 'bob' })
    expect((await token({ minValidity: 3500 })).accessToken).toMatch(/^access_/)
  })

  test('also seals anew what was made for another client: absent is not the same as broken', async () => {
    const { under, fake, jars } = await beforeTheChange()
    const provider = fake.provider({ clientId: 'another-client' })
    const moved = { providers: { fake: provider } }
    const both = under([newer, secret], moved).dance
    expect(await both.reseal({ limit: 100 })).toEqual({ resealed: 4 })
    const { app } = under([newer], moved)
    expect((await jars[0]?.send(app, page))?.status).toBe(302)
  })
})
