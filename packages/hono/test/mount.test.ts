import { type DanceEnv, danceMiddleware } from '@fetch-dance/hono'
import { type CookieJar, cookieJar, fakeProvider, walkDance } from '@fetch-dance/testing'
import { createDance, type Dance, type Provider } from 'fetch-dance'
import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'

const secret = 'hZ3v1mWq0sJt8yLk5dXcB2nRfPg7aUeTiOoV9wMxSjY'
const origin = 'https://app.test'

type FakeEnv = DanceEnv<Dance<{ fake: Provider<{ login: string }> }>>

/** Where an app stands, and what the dance in it has to be told. */
interface Place {
  readonly origin?: string | readonly string[]
  /** The option of the dance. */
  readonly basePath: string
  /** Where the routes are, then. */
  readonly login: string
  readonly page: string
  mount(inner: Hono<FakeEnv>): { fetch(request: Request): Response | Promise<Response> }
}

const places: Readonly<Record<string, Place>> = {
  'the whole app, basePath /login': {
    basePath: '/login',
    login: '/login/fake',
    page: '/',
    mount: (inner) => inner,
  },
  'the whole app, basePath /': {
    basePath: '/',
    login: '/fake',
    page: '/',
    mount: (inner) => inner,
  },
  'the whole app, basePath /a/b/c/': {
    basePath: '/a/b/c/',
    login: '/a/b/c/fake',
    page: '/',
    mount: (inner) => inner,
  },
  'a sub-app by route()': {
    basePath: '/sub/login',
    login: '/sub/login/fake',
    page: '/sub',
    mount: (inner) => new Hono().route('/sub', inner),
  },
  'a sub-app of a sub-app': {
    basePath: '/a/b/login',
    login: '/a/b/login/fake',
    page: '/a/b',
    mount: (inner) => new Hono().route('/a', new Hono().route('/b', inner)),
  },
  'an app with basePath()': {
    basePath: '/sub/login',
    login: '/sub/login/fake',
    page: '/sub',
    mount: (inner) => new Hono().basePath('/sub').route('/', inner),
  },
  'mount() that leaves the request as it is': {
    basePath: '/sub/login',
    login: '/sub/login/fake',
    page: '/sub',
    mount: (inner) =>
      new Hono().mount('/sub', new Hono().basePath('/sub').route('/', inner).fetch, {
        replaceRequest: false,
      }),
  },
  'one of several origins': {
    origin: [origin, 'https://auth.app.test'],
    basePath: '/login',
    login: '/login/fake',
    page: '/',
    mount: (inner) => inner,
  },
}

describe.each(Object.entries(places))('danceMiddleware() in %s', (_, place) => {
  const home = Array.isArray(place.origin) ? String(place.origin.at(-1)) : origin

  test('login, callback, redirect_uri and cookies agree A-12 [G7]', async () => {
    const { app, fake } = appIn(place)
    const jar = cookieJar()
    const start = home + place.page
    const leaving = await jar.send(app, start)
    const returnTo = encodeURIComponent(place.page)
    expect(leaving.headers.get('location')).toBe(`${place.login}?returnTo=${returnTo}`)

    const answer = await walkDance(app, fake, start, jar)
    expect([answer.status, await answer.text()]).toEqual([200, 'octocat'])
    const form = await fake.tokenRequests[0]?.formData()
    expect(form?.get('redirect_uri')).toBe(`${home}${place.login}/callback`)
    expect(cookiesOf(jar)).toEqual([['__Host-dance.fake', '/', new URL(home).host]])

    const goodbye = await jar.send(app, `${home}${place.login}/logout`, { method: 'POST' })
    expect([goodbye.status, cookiesOf(jar)]).toEqual([303, []])
  })
})

test('mount() that strips its prefix keeps requests from a dance that knows its address A-12', async () => {
  const { app } = appIn({
    basePath: '/sub/login',
    login: '/sub/login/fake',
    page: '/sub',
    mount: (inner) => new Hono().mount('/sub', inner.fetch),
  })
  expect((await cookieJar().send(app, `${origin}/sub/login/fake`)).status).toBe(404)
})

function appIn({ mount, basePath, origin: origins = origin }: Place) {
  const fake = fakeProvider()
  const dance = createDance({
    providers: { fake: fake.provider() },
    secret,
    origin: origins,
    basePath,
    fetch: fake.fetch,
  })
  const inner = new Hono<FakeEnv>()
  inner.use(danceMiddleware(dance))
  inner.get('/', async (c) => {
    const connection = await c.var.dance.require('fake')
    return c.text((await connection.profile()).raw.login)
  })
  inner.onError((error) => new Response(`onError: ${error.message}`, { status: 500 }))
  const outer = mount(inner)
  return { fake, app: (request: Request) => outer.fetch(request) }
}

function cookiesOf(jar: CookieJar): [string, string, string][] {
  return jar.cookies().map(({ name, path, domain }) => [name, path, domain])
}
