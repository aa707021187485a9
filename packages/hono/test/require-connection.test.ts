import { type DanceEnv, danceMiddleware, requireConnection } from '@fetch-dance/hono'
import { cookieJar, fakeProvider, signedInJar, walkDance } from '@fetch-dance/testing'
import { createDance, DanceError } from 'fetch-dance'
import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'

const secret = 'hZ3v1mWq0sJt8yLk5dXcB2nRfPg7aUeTiOoV9wMxSjY'
const origin = 'https://app.test'

/** An app with routes behind requireConnection(); it writes down who came through, and what reached onError. */
function createApp() {
  const fake = fakeProvider()
  const dance = createDance({
    providers: { fake: fake.provider({ scopes: ['profile'], optionalScopes: ['repo'] }) },
    secret,
    origin,
    fetch: fake.fetch,
  })
  const entered: string[] = []
  const errors: unknown[] = []
  const hono = new Hono<DanceEnv<typeof dance>>()
    .use(danceMiddleware(dance))
    .all('/profile', requireConnection<typeof dance>('fake'), async (c) => {
      entered.push(c.req.path)
      const connection = await c.var.dance.connection('fake')
      return c.json({ login: (await connection.profile()).raw.login })
    })
    .use('/repos/*', requireConnection('fake', { scopes: ['repo'] }))
    .get('/repos/:name', (c) => {
      entered.push(c.req.path)
      return c.text(c.req.param('name'))
    })
    .get('/undeclared', requireConnection('fake', { scopes: ['admin'] }), (c) => c.text('in'))
    .get('/unknown', requireConnection('gitlab'), (c) => c.text('in'))
    .onError((error) => {
      errors.push(error)
      return new Response('onError', { status: 500 })
    })
  return { fake, dance, entered, errors, app: (request: Request) => hono.fetch(request) }
}

describe('requireConnection()', () => {
  test('sends a visitor to log in, and lets them in afterwards', async () => {
    const { app, fake, entered, errors } = createApp()
    const jar = cookieJar()
    const leaving = await jar.send(app, `${origin}/profile`)
    expect(leaving.status).toBe(302)
    expect(leaving.headers.get('location')).toBe('/login/fake?returnTo=%2Fprofile')
    expect(entered).toEqual([])

    const answer = await walkDance(app, fake, `${origin}/profile`, jar)
    expect(await answer.json()).toEqual({ login: 'octocat' })
    expect([entered, errors]).toEqual([['/profile'], []])
  })

  test('asks for the scopes a route needs, and comes back to it', async () => {
    const { app, fake, entered } = createApp()
    const jar = cookieJar()
    await walkDance(app, fake, `${origin}/profile`, jar)
    const leaving = await jar.send(app, `${origin}/repos/dance`)
    const { pathname, searchParams } = new URL(leaving.headers.get('location') ?? '', origin)
    expect([pathname, Object.fromEntries(searchParams)]).toEqual([
      '/login/fake',
      { returnTo: '/repos/dance', scopes: 'repo' },
    ])

    const answer = await walkDance(app, fake, `${origin}/repos/dance`, jar)
    expect(await answer.text()).toBe('dance')
    expect(entered).toEqual(['/profile', '/repos/dance'])
  })

  test('shows the page of a permission that was not given, instead of asking again and again', async () => {
    const { app, fake, entered } = createApp()
    fake.set({ granted: ['profile'] })
    const answer = await walkDance(app, fake, `${origin}/repos/dance`)
    expect([answer.status, answer.headers.get('location')]).toEqual([403, null])
    expect(entered).toEqual([])
  })

  test('answers a script with JSON, and a form with a page', async () => {
    const { app, entered, errors } = createApp()
    const script = await app(new Request(`${origin}/profile`, { headers: { accept: '*/*' } }))
    expect(script.status).toBe(401)
    expect(await script.json()).toEqual({
      error: 'login_required',
      loginUrl: '/login/fake?returnTo=%2F',
    })
    const form = await cookieJar().send(app, `${origin}/profile`, { method: 'POST' })
    expect([form.status, form.headers.get('location')]).toEqual([401, null])
    expect(await form.text()).toContain('href="/login/fake?')
    expect([entered, errors]).toEqual([[], []])
  })

  test('lets nobody in when it cannot tell', async () => {
    const { app, dance, errors } = createApp()
    const jar = await signedInJar(dance, 'fake')
    for (const path of ['/undeclared', '/unknown']) {
      const answer = await jar.send(app, origin + path)
      expect([answer.status, await answer.text()]).toEqual([500, 'onError'])
    }
    expect(errors.map((error) => error instanceof DanceError && error.code)).toEqual([
      'scope_not_allowed',
      'option_invalid',
    ])
  })

  test('says what is missing where danceMiddleware does not stand before it', async () => {
    const errors: unknown[] = []
    const hono = new Hono()
      .get('/', requireConnection('fake'), (c) => c.text('in'))
      .onError((error) => {
        errors.push(error)
        return new Response('onError', { status: 500 })
      })
    const answer = await hono.request('/')
    expect(await answer.text()).toBe('onError')
    expect(errors).toEqual([expect.any(DanceError)])
    expect(errors).toMatchObject([
      {
        code: 'option_invalid',
        message: 'Cannot require a connection: danceMiddleware has to stand before this route',
      },
    ])
  })
})
