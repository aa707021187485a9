import {
  type CookieJar,
  cookieJar,
  type FakeProvider,
  fakeProvider,
  walkDance,
} from '@fetch-dance/testing'
import { createDance, type Dance, type TokenStorage } from 'fetch-dance'
import { describe, expect, test } from 'vitest'
import { tellTokenStories } from './token-stories.ts'
import { tellWalkStories } from './walk-stories.ts'

const secret = 'hZ3v1mWq0sJt8yLk5dXcB2nRfPg7aUeTiOoV9wMxSjY'
export const origin = 'https://app.test'
export const page: string = `${origin}/`

/** An app whose user is named by a header, with its connections in a storage. */
export function appOver(storage: TokenStorage, fake: FakeProvider, options: object = {}): Dance {
  return createDance({
    providers: { fake: fake.provider(), other: fake.provider() },
    secret,
    origin,
    fetch: fake.fetch,
    storage,
    owner: userOf,
    ...options,
  })
}

// a header would lose the space at a name's end
function userOf(request: Request): string | null {
  const user = request.headers.get('x-user')
  return user === null ? null : decodeURIComponent(user)
}

/** A browser of a signed-in user, and what it sees. */
export interface Browser {
  readonly jar: CookieJar
  /** Opens a page that needs the connection, and goes through the login it leads to. */
  connect(path?: string): Promise<Response>
  /** Goes through a login that leads to no page. */
  logIn(): Promise<Response>
  look(path?: string): Promise<Response>
  list(): Promise<string[]>
  /** Opens a URL of the dance's own. */
  send(url: string): Promise<Response>
}

/** Opens a browser; nobody is signed in where no user is named. */
export function browserOf(dance: Dance, fake: FakeProvider, user?: string): Browser {
  const jar = cookieJar()
  const as = (app: (request: Request) => Promise<Response>) => (request: Request) => {
    const own = new Request(request)
    if (user !== undefined) own.headers.set('x-user', encodeURIComponent(user))
    return app(own)
  }
  const shown = dance.wrap(async (request, visit) => {
    const connection = await visit.require(
      new URL(request.url).pathname === '/other' ? 'other' : 'fake',
    )
    return connection.fetch('/user')
  })
  const listed = dance.wrap(async (_request, visit) => {
    const all = await visit.connections()
    return Response.json(
      all.map(({ provider, account }) => `${String(provider)} ${account}`).sort(),
    )
  })
  return {
    jar,
    connect: (path = '') => walkDance(as(shown), fake, page + path, jar),
    look: (path = '') => jar.send(as(shown), page + path),
    list: async () => (await jar.send(as(listed), page)).json(),
    send: (url) => jar.send(as(dance.handle), url),
    logIn: () => walkDance(as(dance.handle), fake, `${origin}/login/fake`, jar),
  }
}

/** What users must be able to rely on, told over one storage. `create` makes an empty one, once for every story. */
export function tellStories(
  name: string,
  create: () => Promise<TokenStorage> | TokenStorage,
  consistency: 'strong' | 'eventual' = 'strong',
): void {
  describe(`${name} in an app`, () => {
    test('one public account of the app that its operator connects A-01', async () => {
      const storage = await create()
      const fake = fakeProvider()
      const authorizeLogin = (request: Request) => request.headers.get('x-user') === 'operator'
      const dance = appOver(storage, fake, { owner: 'app', authorizeLogin })
      expect((await browserOf(dance, fake, 'visitor').look()).status).toBe(503)
      expect((await browserOf(dance, fake, 'operator').connect()).status).toBe(200)
      expect((await browserOf(dance, fake, 'visitor').look()).status).toBe(200)
      expect((await dance.connection({ provider: 'fake', owner: 'app' })).status).toBe('ok')
    })

    test('a user is connected on every device, and nobody else is A-04 NX-26', async () => {
      const storage = await create()
      const fake = fakeProvider()
      const dance = appOver(storage, fake)
      expect((await browserOf(dance, fake, 'alice').connect()).status).toBe(200)
      expect((await browserOf(dance, fake, 'alice').look()).status).toBe(200)
      for (const user of ['bob', 'Alice', 'alice ', undefined]) {
        expect((await browserOf(dance, fake, user).look()).status).not.toBe(200)
      }
    })

    test('several providers and accounts of one user, and an account only once A-06', async () => {
      const storage = await create()
      const fake = fakeProvider()
      const dance = appOver(storage, fake)
      const alice = browserOf(dance, fake, 'alice')
      for (const id of ['1', '2']) {
        fake.set({ person: { id } })
        await alice.logIn()
      }
      await alice.connect('other')
      expect(await alice.list()).toEqual(['fake 1', 'fake 2', 'other 2'])
      const bob = browserOf(dance, fake, 'bob')
      const refused = await bob.logIn()
      expect(refused.status).toBe(storage.consistency === 'strong' ? 403 : refused.status)
      expect(await browserOf(dance, fake, 'alice').list()).toHaveLength(3)
    })

    test('browsers without users: each its own, also with the same account NX-26', async () => {
      const storage = await create()
      const fake = fakeProvider()
      const dance = appOver(storage, fake, { owner: undefined })
      const [one, other] = [browserOf(dance, fake), browserOf(dance, fake)]
      const before = one.jar.copy()
      expect((await one.connect()).status).toBe(200)
      expect((await other.connect()).status).toBe(200)
      expect((await one.look()).status).toBe(200)
      const shown = dance.wrap(async (_request, visit) => {
        return Response.json((await visit.connection('fake')).status)
      })
      expect(await (await before.send(shown, page)).json()).toBe('none')
    })

    tellTokenStories(create, consistency)
    tellWalkStories(create)
  })
}
