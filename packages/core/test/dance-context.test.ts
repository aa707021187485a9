import { cookieJar, fakeProvider, memoryStorage, walkDance } from '@fetch-dance/testing'
import { createDance } from 'fetch-dance'
import { createDanceContext } from 'fetch-dance/context'
import { expect, test } from 'vitest'
import { origin, secret } from './support/kit.ts'

/** An app whose innermost function asks for the connection by itself. */
function deepApp(storage = memoryStorage()) {
  const fake = fakeProvider({ rotation: 'strict' })
  const dance = createDance({
    providers: { fake: fake.provider() },
    secret,
    origin,
    fetch: fake.fetch,
    storage,
  })
  const context = createDanceContext(dance)
  const readLogin = async () => {
    await new Promise((resolve) => setTimeout(resolve, 1))
    const connection = await context.require('fake')
    return (await connection.profile()).raw.login
  }
  return { fake, dance, context, readLogin }
}

test('require() deep in a request finds its visit and answers with the login', async () => {
  const { fake, context, readLogin } = deepApp()
  const app = context.wrap(async () => Response.json({ login: await readLogin() }))
  const jar = cookieJar()
  const sent = await jar.send(app, `${origin}/deep`)
  expect([sent.status, sent.headers.get('location')]).toEqual([302, '/login/fake?returnTo=%2Fdeep'])
  const answer = await walkDance(app, fake, `${origin}/deep`, jar)
  expect(await answer.json()).toEqual({ login: 'octocat' })
})

test('connection() answers each of fifty interleaved requests for its own visitor NX-02', async () => {
  const { fake, context } = deepApp()
  const status = async () => (await context.connection('fake')).status
  const app = context.wrap(async (request) => {
    if (request.url.endsWith('/in')) await context.require('fake')
    await new Promise((resolve) => setTimeout(resolve, 1))
    return new Response(await status())
  })
  const known = cookieJar()
  await walkDance(app, fake, `${origin}/in`, known)
  const answers = await Promise.all(
    Array.from({ length: 50 }, async (_, i) =>
      (await (i % 2 ? known : cookieJar()).send(app, `${origin}/status`)).text(),
    ),
  )
  expect(answers).toEqual(Array.from({ length: 50 }, (_, i) => (i % 2 ? 'ok' : 'none')))
})

test('connection() and require() hand on what they are told', async () => {
  const { fake, context } = deepApp()
  const app = context.wrap(async (request) => {
    if (request.url.endsWith('/in')) await context.require('fake')
    const others = await context.connection('fake', { account: 'of somebody else' })
    const { loginUrl } = await context
      .require('fake', { account: 'of somebody else', returnTo: '/there' })
      .catch((error) => error)
    return Response.json([others.status, loginUrl])
  })
  const answer = await walkDance(app, fake, `${origin}/in`)
  expect(await answer.json()).toEqual(['none', '/login/fake?returnTo=%2Fthere'])
})

test('run() lends a visit that somebody else opened, and gives back what is returned', async () => {
  const { dance, context } = deepApp()
  const visit = dance.visit(new Request(origin))
  const found = context.run(visit, () => context.visit())
  expect(found).toBe(visit)
})

test('outside of a request there is no visit, and the error says what is missing', async () => {
  const { context } = deepApp()
  await context.wrap(() => new Response())(new Request(origin)) // nor after one
  const refused = { code: 'not_supported', message: expect.stringContaining('"wrap" nor "run"') }
  expect(() => context.visit()).toThrow(/"wrap" nor "run"/)
  await expect(context.connection('fake')).rejects.toMatchObject(refused)
  await expect(context.require('fake')).rejects.toMatchObject(refused)
})

test('two dances have two contexts', async () => {
  const one = deepApp()
  const other = deepApp()
  const app = one.context.wrap(async () => {
    const { code } = await other.context.connection('fake').catch((error) => error)
    return new Response(code)
  })
  expect(await (await app(new Request(origin))).text()).toBe('not_supported')
})
