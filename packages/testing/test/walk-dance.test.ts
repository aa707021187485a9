import { cookieJar, type FakeProvider, fakeProvider, walkDance } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { createClient } from './support/client.ts'

const callback = 'https://app.test/login/fake/callback'

/** An app with a login, a callback and a page, that remembers what it was asked. */
function createApp(fake: FakeProvider, changes: Record<string, string> = {}) {
  const seen: Request[] = []
  async function app(request: Request): Promise<Response> {
    seen.push(request)
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/login') {
      const location = (await createClient(fake)).url(changes).href
      const cookie = '__Host-flow=1; Secure; HttpOnly; Path=/; SameSite=Lax'
      return new Response(null, { status: 302, headers: { location, 'set-cookie': cookie } })
    }
    if (pathname === '/login/fake/callback') {
      const form =
        request.method === 'POST' ? new URLSearchParams(await request.clone().text()) : searchParams
      const answer = form.get('error') ?? form.get('code')?.slice(0, 5)
      return new Response(null, { status: 303, headers: { location: `/done?${answer}` } })
    }
    if (pathname === '/away')
      return new Response(null, { status: 302, headers: { location: 'https://else.test/' } })
    if (pathname === '/loop')
      return new Response(null, { status: 302, headers: { location: '/loop' } })
    return new Response(`page ${pathname}${new URL(request.url).search}`)
  }
  return { app, seen }
}

describe('walkDance()', () => {
  test('ends at a page that leads nowhere', async () => {
    const fake = fakeProvider()
    const { app, seen } = createApp(fake)
    const answer = await walkDance(app, fake, 'https://app.test/page')
    expect([await answer.text(), seen.length]).toEqual(['page /page', 1])
  })

  test('goes to the provider and back as a browser does', async () => {
    const fake = fakeProvider()
    const { app, seen } = createApp(fake)
    const jar = cookieJar()
    const answer = await walkDance(app, fake, 'https://app.test/login', jar)
    expect(await answer.text()).toBe('page /done?code_')
    expect(seen.map(({ url }) => new URL(url).pathname)).toEqual([
      '/login',
      '/login/fake/callback',
      '/done',
    ])
    expect(seen.map(({ headers }) => headers.get('sec-fetch-site'))).toEqual([
      'none',
      'cross-site',
      'cross-site',
    ])
    expect(seen.map(({ headers }) => headers.get('sec-fetch-mode'))).toEqual([
      'navigate',
      'navigate',
      'navigate',
    ])
    expect(seen[1]?.headers.get('cookie')).toBe('__Host-flow=1')
    expect(fake.requests.authorize.length).toBe(1)
  })

  test('sends the provider’s form across sites, without Lax cookies NX-17', async () => {
    const fake = fakeProvider()
    const { app, seen } = createApp(fake, { response_mode: 'form_post' })
    const answer = await walkDance(app, fake, 'https://app.test/login')
    expect(await answer.text()).toBe('page /done?code_')
    const post = seen[1]
    expect([post?.method, post?.url, post?.headers.get('origin')]).toEqual([
      'POST',
      callback,
      'https://fake.test',
    ])
    expect(post?.headers.has('cookie')).toBe(false)
    expect(post?.headers.get('content-type')).toContain('application/x-www-form-urlencoded')
    expect([seen[2]?.method, seen[2]?.headers.get('cookie')]).toEqual(['GET', '__Host-flow=1'])
  })

  test('brings a refusal back A-16', async () => {
    const fake = fakeProvider({ consent: 'deny' })
    const { app } = createApp(fake)
    expect(await (await walkDance(app, fake, 'https://app.test/login')).text()).toBe(
      'page /done?access_denied',
    )
  })

  test('knows several providers', async () => {
    const fakes = [
      fakeProvider({ issuer: 'https://a.test' }),
      fakeProvider({ issuer: 'https://b.test' }),
    ] as const
    const { app } = createApp(fakes[1])
    expect((await walkDance(app, fakes, 'https://app.test/login')).status).toBe(200)
    expect(fakes.map(({ requests }) => requests.authorize.length)).toEqual([0, 1])
  })

  test('stops at a page of the provider, and before a stranger’s door', async () => {
    const fake = fakeProvider({ redirectUris: [] })
    const { app } = createApp(fake)
    expect((await walkDance(app, fake, 'https://app.test/login')).status).toBe(400)
    const away = await walkDance(app, fake, 'https://app.test/away')
    expect(away.headers.get('location')).toBe('https://else.test/')
  })

  test('gives a loop up', async () => {
    const fake = fakeProvider()
    const { app } = createApp(fake)
    await expect(walkDance(app, fake, 'https://app.test/loop')).rejects.toThrow(
      'more than 20 redirects',
    )
  })
})
