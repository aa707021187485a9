import { type FakeProvider, fakeProvider } from '@fetch-dance/testing'
import type { TokenStorage } from 'fetch-dance'
import { expect, test } from 'vitest'
import { appOver, type Browser, browserOf, origin } from './stories.ts'

/** Moves the app's clock and the provider's, until the function returned is called. */
function travel(seconds: number): () => void {
  const now = Date.now
  Date.now = () => now() + seconds * 1000
  return () => {
    Date.now = now
  }
}

async function connected(storage: TokenStorage, fake: FakeProvider, user = 'alice') {
  const dance = appOver(storage, fake)
  const browser = browserOf(dance, fake, user)
  await browser.connect()
  fake.tokenRequests.length = 0
  const connection = () => dance.connection({ provider: 'fake', owner: user })
  return { dance, browser, connection }
}

/** What becomes of a token over time, told over one storage. */
export function tellTokenStories(
  create: () => Promise<TokenStorage> | TokenStorage,
  consistency: 'strong' | 'eventual',
): void {
  const tellOfStrong = (name: string, tell: () => Promise<void>) =>
    consistency === 'strong'
      ? test(name, tell)
      : test.skip(`${name} (skipped: it is ${consistency})`, tell)

  test('what is kept shows no token A-10 [G11]', async () => {
    const inner = await create()
    const kept: unknown[] = []
    const put: TokenStorage['put'] = (key, record, o) => {
      kept.push(key, record)
      return inner.put(key, record, o)
    }
    const fake = fakeProvider()
    const { connection } = await connected({ ...methodsOf(inner), put }, fake)
    const { accessToken, refreshToken } = await (await connection()).token()
    const text = JSON.stringify(kept)
    expect(text).toContain('Fe26.2')
    expect(text).not.toContain(accessToken)
    expect(text).not.toContain(refreshToken)
  })

  test('a lost token means a new login, which ends where they wanted to be A-11', async () => {
    const fake = fakeProvider()
    const storage = await create()
    const { browser } = await connected(storage, fake)
    const { keys } = await storage.list({ owner: 'user:alice' })
    for (const key of keys) await storage.delete(key)
    const answer = await browser.look('?tab=2')
    expect(answer.headers.get('location')).toBe('/login/fake?returnTo=%2F%3Ftab%3D2')
    expect((await browser.connect('?tab=2')).status).toBe(200)
  })

  test('one login for a month, refreshed when the token ends A-17 NX-08 NX-09', async () => {
    const fake = fakeProvider({ rotation: 'strict', expiresIn: 86_400 })
    const { browser } = await connected(await create(), fake)
    const back: (() => void)[] = []
    try {
      for (let day = 0; day < 10; day += 1) {
        back.unshift(travel(3 * 86_400))
        for (let call = 0; call < 3; call += 1) expect((await browser.look()).status).toBe(200)
      }
    } finally {
      for (const one of back) one()
    }
    expect(fake.consents).toBe(1)
    expect(fake.tokenRequests.length).toBe(10)
  })

  tellOfStrong('twenty callers of two instances send a refresh token once NX-10 [G9]', async () => {
    const storage = await create()
    const fake = fakeProvider({ rotation: 'strict' })
    const { connection } = await connected(storage, fake)
    const elsewhere = appOver(storage, fake)
    const back = travel(7200)
    try {
      const calls = Array.from({ length: 20 }, async (_, i) => {
        const other = elsewhere.connection({ provider: 'fake', owner: 'alice' })
        return (await (i % 2 ? connection() : other)).fetch('/user')
      })
      const answers = await Promise.all(calls)
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    } finally {
      back()
    }
    expect(fake.tokenRequests.length).toBe(1)
    expect(fake.grants).toBe(1)
  })

  test('a token refused before its end is refreshed once NX-11', async () => {
    const fake = fakeProvider({ rotation: 'strict' })
    const { browser } = await connected(await create(), fake)
    fake.dropAccessTokens()
    expect((await browser.look()).status).toBe(200)
    expect(fake.tokenRequests.length).toBe(1)
  })

  test('a login without a refresh token keeps the one of the same account NX-12 [G8]', async () => {
    const fake = fakeProvider({ rotation: 'strict' })
    const { browser } = await connected(await create(), fake)
    fake.set({ refreshToken: false })
    expect((await browser.logIn()).status).toBe(404)
    fake.dropAccessTokens()
    expect((await browser.look()).status).toBe(200)
  })

  tellOfStrong('an answer counts once in all instances NX-15 [G2]', async () => {
    const storage = await create()
    const fake = fakeProvider()
    const dance = appOver(storage, fake)
    const browser = browserOf(dance, fake, 'alice')
    const begun = await browser.send(`${origin}/login/fake`)
    const consented = await fake.fetch(begun.headers.get('location') ?? '', { redirect: 'manual' })
    const callback = consented.headers.get('location') ?? ''
    const copy = browser.jar.copy()
    const elsewhere = appOver(storage, fake)
    const again = (request: Request) => {
      const own = new Request(request)
      own.headers.set('x-user', 'alice')
      return elsewhere.handle(own)
    }
    const answers = await Promise.all([browser.send(callback), copy.send(again, callback)])
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 400])
    expect(fake.tokenRequests.length).toBe(1)
  })

  test('a long token fits, and one that no storage takes is refused by name NX-19', async () => {
    const fake = fakeProvider()
    const pad = (length: number) => ({
      tamper: { token: (body: object) => ({ ...body, note: 'x'.repeat(length) }) },
    })
    fake.set(pad(20_000))
    const { dance } = await connected(await create(), fake)
    fake.set(pad(40_000))
    const bob = browserOf(dance, fake, 'bob')
    fake.set({ person: { id: 'bob' } })
    const refused = await bob.connect()
    expect(refused.status).toBe(500)
    expect((await dance.connection({ provider: 'fake', owner: 'alice' })).status).toBe('ok')
    expect((await dance.connection({ provider: 'fake', owner: 'bob' })).status).toBe('none')
  })

  test('two users at once never see each other, nor does who is nobody NX-02 NX-21', async () => {
    const fake = fakeProvider({ rotation: 'strict' })
    const storage = await create()
    const dance = appOver(storage, fake)
    const browsers: Browser[] = []
    for (const id of ['alice', 'bob']) {
      fake.set({ person: { id } })
      const browser = browserOf(dance, fake, id)
      await browser.connect()
      browsers.push(browser)
    }
    const back = travel(7200)
    try {
      const turns = Array.from({ length: 50 }, (_, i) => i % 2)
      const answers = await Promise.all(
        turns.map(async (i) => (await (await browsers[i]?.look())?.json())?.id),
      )
      expect(answers).toEqual(turns.map((i) => ['alice', 'bob'][i]))
    } finally {
      back()
    }
    const nobody = browserOf(dance, fake)
    expect((await nobody.connect()).status).toBe(403)
    expect(await browsers[0]?.list()).toEqual(['fake alice'])
  })
}

/** The methods of a storage as plain members, whatever it is made of. */
function methodsOf(storage: TokenStorage): TokenStorage {
  return {
    consistency: storage.consistency,
    get: (key, o) => storage.get(key, o),
    put: (key, record, o) => storage.put(key, record, o),
    delete: (key, o) => storage.delete(key, o),
    list: (query, o) => storage.list(query, o),
  }
}
