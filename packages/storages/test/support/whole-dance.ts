import { cookieJar, type FakeProvider, fakeProvider, walkDance } from '@fetch-dance/testing'
import { createDance, type TokenStorage } from 'fetch-dance'
import { expect } from 'vitest'

type App = (request: Request) => Promise<Response>

const origin = 'https://app.test'

/**
 * Walks one dance over a storage from beginning to end: Alice connects and the API is called; her token expires and ten
 * requests at once want it, where instances can agree through two of them; Alice disconnects.
 */
export async function walkWholeDance(storage: TokenStorage): Promise<void> {
  const fake = fakeProvider({ expiresIn: 60, rotation: 'strict' })
  const instances = [makeApp(fake, storage), makeApp(fake, storage)]
  const canAgree = storage.consistency === 'strong' || storage.coordinator !== undefined
  const [app, other = app] = canAgree ? instances : instances.slice(1)
  if (!app || !other) throw new Error('there is no app')
  const browser: App = (request) => app(sentBy('alice', request))
  const jar = cookieJar()

  const connected = await walkDance(browser, fake, `${origin}/`, jar)
  expect(await connected.json()).toMatchObject({ login: 'octocat' })
  expect(fake.tokenRequests).toHaveLength(1)

  fake.tick(61)
  await inAMinute(async () => {
    const visits = Array.from({ length: 10 }, (_, number) =>
      (number % 2 ? app : other)(sentBy('alice', new Request(origin))),
    )
    for (const answer of await Promise.all(visits)) expect(answer.status).toBe(200)
    expect(fake.tokenRequests).toHaveLength(2)
    expect((await app(sentBy('bob', new Request(origin)))).status).toBe(401)

    const logout = `${origin}/login/fake/logout`
    expect((await jar.send(browser, logout, { method: 'POST' })).status).toBe(303)
    expect((await other(sentBy('alice', new Request(origin)))).status).toBe(401)
  })
  expect(fake.grants).toBe(0)
  expect(await storage.list({ owner: 'user:alice' })).toEqual({ keys: [] })
}

function makeApp(fake: FakeProvider, storage: TokenStorage): App {
  const dance = createDance({
    providers: { fake: fake.provider() },
    secret: 'hZ3v1mWq0sJt8yLk5dXcB2nRfPg7aUeTiOoV9wMxSjY',
    origin,
    storage,
    owner: (request) => request.headers.get('x-user'),
    fetch: fake.fetch,
  })
  return dance.wrap(async (_request, visit) => (await visit.require('fake')).fetch('/user'))
}

function sentBy(user: string, request: Request): Request {
  const headers = new Headers(request.headers)
  headers.set('x-user', user)
  return new Request(request, { headers })
}

async function inAMinute(run: () => Promise<void>): Promise<void> {
  const now = Date.now
  Date.now = () => now() + 61_000
  try {
    await run()
  } finally {
    Date.now = now
  }
}
