import { danceMiddleware } from '@fetch-dance/hono'
import { cookieJar, fakeProvider, signedInJar, walkDance } from '@fetch-dance/testing'
import { createDance } from 'fetch-dance'
import { Hono } from 'hono'
import { setCookie } from 'hono/cookie'
import { cors } from 'hono/cors'
import { stream } from 'hono/streaming'
import { describe, expect, test } from 'vitest'

const secret = 'hZ3v1mWq0sJt8yLk5dXcB2nRfPg7aUeTiOoV9wMxSjY'
const origin = 'https://app.test'

/** A page that uses the connection, so that an expired token is refreshed, and then answers as it is told. */
async function createPage(answer: (c: import('hono').Context) => Response | Promise<Response>) {
  const fake = fakeProvider()
  const dance = createDance({
    providers: { fake: fake.provider() },
    secret,
    origin,
    fetch: fake.fetch,
  })
  const hono = new Hono()
    .use(danceMiddleware(dance))
    .get('/', async (c) => {
      const connection = await c.var.dance.connection('fake')
      if (connection.authorized) await connection.fetch('/user')
      return answer(c)
    })
    .onError((error) => new Response(`onError: ${error.message}`, { status: 500 }))
  const jar = await signedInJar(dance, 'fake', { ...fake.issueToken(), expiresAt: 1 })
  return { fake, jar, app: (request: Request) => hono.fetch(request) }
}

describe('a response behind danceMiddleware()', () => {
  test('goes on streaming when it is given a cookie', async () => {
    let go = () => {}
    const gate = new Promise<void>((resolve) => {
      go = resolve
    })
    const { app, jar } = await createPage((c) =>
      stream(c, async (out) => {
        await out.write('first')
        await gate
        await out.write('second')
      }),
    )
    const before = jar.get('__Host-dance.fake')
    const answer = await jar.send(app, `${origin}/`) // while the page still writes
    expect(jar.get('__Host-dance.fake')).not.toBe(before)
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader?.read())?.value).toBe('first')
    go()
    expect((await reader?.read())?.value).toBe('second')
  })

  test('is the very same where there is nothing to add', async () => {
    const given = new Response('as it is', { headers: { 'cache-control': 'max-age=60' } })
    const { app } = await createPage(() => given)
    expect(await app(new Request(`${origin}/`))).toBe(given)
  })

  test('is the very same where it switches protocols, as for a WebSocket', async () => {
    // what runtimes answer an upgrade with cannot be made anywhere else
    const upgrade = Object.defineProperty(new Response(null), 'status', { value: 101 })
    const { app, jar, fake } = await createPage(() => upgrade)
    expect(await jar.send(app, `${origin}/`)).toBe(upgrade)
    expect(fake.tokenRequests.length).toBe(1)
  })

  test('brings its cookies to HEAD too', async () => {
    const { app, jar } = await createPage((c) => c.text('a body'))
    const before = jar.get('__Host-dance.fake')
    const answer = await jar.send(app, `${origin}/`, { method: 'HEAD' })
    expect([answer.status, await answer.text()]).toEqual([200, ''])
    expect(jar.get('__Host-dance.fake')).not.toBe(before)
  })

  test("of onError keeps the app's error, and takes a refreshed token along [G8]", async () => {
    const { app, jar } = await createPage(() => {
      throw new Error('broken')
    })
    const before = jar.get('__Host-dance.fake')
    const answer = await jar.send(app, `${origin}/`)
    expect([answer.status, await answer.text()]).toEqual([500, 'onError: broken'])
    expect(jar.get('__Host-dance.fake')).not.toBe(before)
  })
})

test('a dance made from the bindings is made once where a runtime brings none', async () => {
  let made = 0
  const hono = new Hono()
    .use(
      danceMiddleware((env) => {
        made += 1
        return createDance({ providers: { fake: fakeProvider().provider() }, secret, origin, env })
      }),
    )
    .get('/', (c) => c.text('in'))
  for (let visits = 0; visits < 3; visits += 1) {
    expect(await (await hono.fetch(new Request(`${origin}/`))).text()).toBe('in')
  }
  expect(made).toBe(1)
})

test('answers of the dance keep their headers and cookies whatever middleware has set before [G1]', async () => {
  const fake = fakeProvider()
  const providers = { fake: fake.provider() }
  const dance = createDance({ providers, secret, origin, fetch: fake.fetch })
  const hono = new Hono()
    .use(cors())
    .use(async (c, next) => {
      setCookie(c, 'early', 'e1')
      c.header('cache-control', 'public')
      await next()
    })
    .use(danceMiddleware(dance))
    .get('/', async (c) => c.json(await (await c.var.dance.require('fake')).profile()))
    .onError((error) => new Response(`onError: ${error.message}`, { status: 500 }))
  const app = (request: Request) => hono.fetch(request)
  for (const path of ['/', '/login/fake']) {
    const jar = cookieJar()
    const answer = await jar.send(app, origin + path)
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([302, 'no-store'])
    expect(answer.headers.has('access-control-allow-origin')).toBe(false)
    expect(jar.get('early')).toBe('e1')
  }
  expect((await walkDance(app, fake, `${origin}/`)).status).toBe(200)
})
