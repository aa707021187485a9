import { type DanceEnv, danceMiddleware } from '@fetch-dance/hono'
import {
  cookieJar,
  fakeProvider,
  memoryStorage,
  signedInJar,
  walkDance,
} from '@fetch-dance/testing'
import { createDance } from 'fetch-dance'
import { Hono } from 'hono'
import { setCookie } from 'hono/cookie'
import { describe, expect, test } from 'vitest'

const secret = 'hZ3v1mWq0sJt8yLk5dXcB2nRfPg7aUeTiOoV9wMxSjY'
const origin = 'https://app.test'
// Hono's own one prints every error, those too that the middleware then answers.
const onError = (error: Error) => new Response(`onError: ${error.message}`, { status: 500 })

/** An app with a page in a sub-app, behind the middleware. */
function createApp() {
  const fake = fakeProvider()
  const dance = createDance({
    providers: { fake: fake.provider() },
    secret,
    origin,
    fetch: fake.fetch,
  })
  const people = new Hono<DanceEnv<typeof dance>>().get('/me', async (c) => {
    const connection = await c.var.dance.require('fake')
    const { login } = (await connection.profile()).raw
    return c.json({ login, owner: await c.var.dance.owner() })
  })
  const errors: string[] = []
  const app = new Hono<DanceEnv<typeof dance>>()
    .use(async (c, next) => {
      await next()
      if (c.error) errors.push(c.error.message)
    })
    .use(danceMiddleware(dance))
    .use('/session/*', async (c, next) => {
      await next()
      setCookie(c, 'session', 's1')
    })
    .get('/session', async (c) => c.json(await (await c.var.dance.require('fake')).profile()))
    .get('/broken', () => {
      throw new Error('the handler is broken')
    })
    .route('/people', people)
    .onError(onError)
  return { fake, dance, errors, app: (request: Request) => app.fetch(request) }
}

describe('danceMiddleware()', () => {
  test('walks the whole dance for a handler of a sub-app', async () => {
    const { app, fake, errors } = createApp()
    const jar = cookieJar()
    const answer = await walkDance(app, fake, `${origin}/people/me`, jar)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ login: 'octocat', owner: null })
    expect(errors).toEqual([])

    const again = await jar.send(app, `${origin}/people/me`)
    expect(again.status).toBe(200)
    expect(fake.tokenRequests.length).toBe(1)

    const goodbye = await jar.send(app, `${origin}/login/fake/logout`, { method: 'POST' })
    expect(goodbye.status).toBe(303)
    const after = await jar.send(app, `${origin}/people/me`)
    expect(after.headers.get('location')).toBe('/login/fake?returnTo=%2Fpeople%2Fme')
  })

  test('stands in a sub-app, with the routes below its path A-12', async () => {
    const fake = fakeProvider()
    const providers = { fake: fake.provider() }
    const basePath = '/tools/login'
    const dance = createDance({ providers, secret, origin, basePath, fetch: fake.fetch })
    const tools = new Hono()
      .use(danceMiddleware(dance))
      .get('/me', async (c) => c.json(await (await c.var.dance.require('fake')).profile()))
      .onError(onError)
    const hono = new Hono().route('/tools', tools)
    const app = (request: Request) => hono.fetch(request)
    const answer = await walkDance(app, fake, `${origin}/tools/me`)
    expect(answer.status).toBe(200)
    const asked = new URL(fake.requests.authorize[0]?.url ?? '').searchParams
    expect(asked.get('redirect_uri')).toBe(`${origin}/tools/login/fake/callback`)
    expect((await app(new Request(`${origin}/login/fake`))).status).toBe(404)
  })

  test('answers a script with the way to the login, and leaves other errors to onError', async () => {
    const { app, errors } = createApp()
    const script = await app(new Request(`${origin}/people/me`, { headers: { accept: '*/*' } }))
    expect(script.status).toBe(401)
    expect(await script.json()).toEqual({
      error: 'login_required',
      loginUrl: '/login/fake?returnTo=%2F',
    })
    expect(errors).toEqual([])

    const broken = await app(new Request(`${origin}/broken`))
    expect(await broken.text()).toBe('onError: the handler is broken')
    expect(errors).toEqual(['the handler is broken'])
    expect((await app(new Request(`${origin}/nowhere`))).status).toBe(404)
  })

  test("keeps other middleware's cookies on the way to the login and beside its own", async () => {
    const { app, fake, dance } = createApp()
    const jar = cookieJar()
    const leaving = await jar.send(app, `${origin}/session`)
    expect(leaving.status).toBe(302)
    expect(jar.get('session')).toBe('s1')

    const expired = { ...fake.issueToken(), expiresAt: 1 }
    const connected = await signedInJar(dance, 'fake', expired)
    const sealed = connected.get('__Host-dance.fake')
    const answer = await connected.send(app, `${origin}/session`)
    expect(answer.status).toBe(200)
    expect(connected.get('session')).toBe('s1')
    expect(connected.get('__Host-dance.fake')).not.toBe(sealed)
  })

  test('asks Hono who the user is, and answers 503 where it cannot tell', async () => {
    const fake = fakeProvider()
    const providers = { fake: fake.provider() }
    const storage = memoryStorage()
    const dance = createDance({ providers, secret, origin, storage, fetch: fake.fetch })
    const owner = (name: string | undefined) => {
      if (name === 'broken') throw new Error('the session store is down')
      return name ?? null
    }
    const hono = new Hono()
      .use(danceMiddleware(dance, { owner: (c) => owner(c.req.header('x-user')) }))
      .get('/', async (c) => c.text(String((await c.var.dance.require('fake')).owner)))
      .onError(onError)
    const as = (user: string) => (request: Request) => {
      request.headers.set('x-user', user)
      return hono.fetch(request)
    }
    const jar = cookieJar()
    expect(await (await walkDance(as('alice'), fake, `${origin}/`, jar)).text()).toBe('alice')
    expect((await storage.list({ owner: 'user:alice' })).keys.length).toBe(1)
    expect((await jar.send(as('bob'), `${origin}/`)).status).toBe(302)
    expect((await jar.send(as('broken'), `${origin}/login/fake`)).status).toBe(503)
  })

  test('makes a dance once for each env, and hands waitUntil to it', async () => {
    const fake = fakeProvider()
    let made = 0
    const hono = new Hono<{ Bindings: { DANCE_SECRET: string } }>()
      .use(
        danceMiddleware((env: { DANCE_SECRET: string }) => {
          made += 1
          const on = { stored: (event: Waiting) => event.waitUntil(Promise.resolve('stored')) }
          return createDance({
            providers: { fake: fake.provider() },
            env,
            origin,
            fetch: fake.fetch,
            on,
          })
        }),
      )
      .get('/', async (c) => (await c.var.dance.require('fake')).fetch('/user'))
      .onError(onError)
    const waiting: Promise<unknown>[] = []
    const context = {
      waitUntil: (promise: Promise<unknown>) => void waiting.push(promise),
      passThroughOnException: () => undefined,
      props: {},
    }
    const env = { DANCE_SECRET: secret }
    const answer = await walkDance((r) => hono.fetch(r, env, context), fake, `${origin}/`)
    expect(answer.status).toBe(200)
    expect(made).toBe(1)
    expect(waiting.length).toBe(1)
    await hono.fetch(new Request(`${origin}/`), { ...env }, context)
    expect(made).toBe(2)
  })
})

interface Waiting {
  waitUntil(promise: Promise<unknown>): void
}
