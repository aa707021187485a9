import { fakeProvider } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { expectEnvelope } from './support/envelope.ts'
import { kit, origin } from './support/kit.ts'
import { beginLogin, login } from './support/login.ts'

const owned = ['/login/fake', '/login/fake/callback', '/login/fake/logout', '/login/connections']

describe('owns() and handle()', () => {
  test('own the routes of configured providers, with any method', () => {
    const { dance } = kit()
    for (const path of owned) {
      for (const method of ['GET', 'POST', 'HEAD', 'DELETE', 'OPTIONS']) {
        expect(dance.owns(new Request(origin + path, { method }))).toBe(true)
      }
      expect(dance.owns(new Request(`${origin}${path}?a=b#c`))).toBe(true)
    }
  })

  test('have one meaning for a path or none: 404 CVE-2026-47676 GHSA-x732-6j76-qmhm [G1]', async () => {
    const { dance, jar, fake } = kit()
    const others = [
      '/',
      '/login',
      '/login/',
      '/login/fake/',
      '/login/fake//callback',
      '/login//fake',
      '//login/fake',
      '/%6cogin/fake',
      '/login/f%61ke',
      '/login/fake%2fcallback',
      '/login%2ffake',
      '/login/fake%20',
      '/login/fake;a=b',
      '/login/Fake',
      '/LOGIN/fake',
      '/login/fake/callback/',
      '/login/fake/other',
      '/x/login/fake',
      '/login/other',
      '/login/__proto__',
      '/login/constructor',
      '/login/toString/callback',
      '/login/flow',
      '/login/owner',
      '/login/connect',
      '/login/%',
      '/login/%ff',
      '/login/fake%00',
      '/login/connections/',
    ]
    for (const path of others) {
      const request = new Request(origin + path)
      expect([path, dance.owns(request)]).toEqual([path, false])
      const answer = await jar.send(dance.handle, origin + path)
      await expectEnvelope(answer)
      expect([path, answer.status]).toEqual([path, 404])
    }
    // what the URL standard resolves is the path it says
    expect(dance.owns(new Request(`${origin}/login/./fake`))).toBe(true)
    expect(dance.owns(new Request(`${origin}/x/../login/fake`))).toBe(true)
    expect(fake.requests.authorize).toEqual([])
  })

  test('match the path alone, not what stands behind it CVE-2025-64484', () => {
    const { dance } = kit()
    for (const url of ['/?/login/fake', '/#/login/fake', '/app?path=/login/fake']) {
      expect(dance.owns(new Request(origin + url))).toBe(false)
    }
    const headers = { 'x-original-url': '/login/fake', 'x-forwarded-uri': '/login/fake' }
    expect(dance.owns(new Request(`${origin}/`, { headers }))).toBe(false)
  })

  test('wrap() leaves every other path to the app, a provider that is not configured too', async () => {
    const { dance } = kit()
    const app = dance.wrap((request) => new Response(new URL(request.url).pathname))
    for (const path of ['/', '/login', '/login/other', '/login/fake/', '/login/fake/x']) {
      expect(await (await app(new Request(origin + path))).text()).toBe(path)
    }
  })
})

describe('where the routes are', () => {
  test('basePath moves all of them, with and without a slash at its end A-12', async () => {
    for (const [basePath, base] of [
      ['/', ''],
      ['/login', '/login'],
      ['/login/', '/login'],
      ['/a/b/c', '/a/b/c'],
    ] as const) {
      const actors = kit({ basePath })
      expect(actors.dance.paths('fake')).toEqual({
        login: `${base}/fake`,
        callback: `${base}/fake/callback`,
        logout: `${base}/fake/logout`,
      })
      const { url } = await beginLogin(actors, `${base}/fake`)
      expect(url.searchParams.get('redirect_uri')).toBe(`${origin}${base}/fake/callback`)
      expect((await login(actors, `${base}/fake?returnTo=/x`)).headers.get('location')).toBe('/x')
      expect(actors.dance.owns(new Request(`${origin}${base}/connections`))).toBe(true)
    }
  })

  test('paths are whole ones, without basePath, and the default ones are gone A-12', async () => {
    const paths = {
      login: '/auth/{provider}',
      callback: '/oauth/{provider}/done',
      logout: '/auth/{provider}/off',
    }
    const actors = kit({ basePath: '/base', paths })
    expect(actors.dance.paths('fake')).toEqual({
      login: '/auth/fake',
      callback: '/oauth/fake/done',
      logout: '/auth/fake/off',
    })
    expect((await login(actors, '/auth/fake')).status).toBe(303)
    for (const path of ['/base/fake', '/base/fake/callback', '/base/fake/logout', '/login/fake']) {
      expect((await actors.jar.send(actors.dance.handle, origin + path)).status).toBe(404)
    }
    const { url } = await beginLogin(actors, '/auth/fake')
    expect(url.searchParams.get('redirect_uri')).toBe(`${origin}/oauth/fake/done`)
  })

  test('one changed path leaves the others where they are', () => {
    const { dance } = kit({ paths: { callback: '/cb/{provider}' } })
    expect(dance.paths('fake')).toEqual({
      login: '/login/fake',
      callback: '/cb/fake',
      logout: '/login/fake/logout',
    })
  })

  test('two routes on one path fail in createDance, naming the option', () => {
    for (const paths of [
      { login: '/x/{provider}', callback: '/x/{provider}' },
      { login: '/login/{provider}/callback' },
    ]) {
      expect(() => kit({ paths })).toThrow(/option "paths/)
    }
  })

  test('the same preset stands twice under two names NX-25', async () => {
    const fake = fakeProvider()
    const providers = { work: fake.provider(), home: fake.provider() }
    const actors = kit({ providers }, fake)
    for (const name of ['work', 'home']) {
      expect((await login(actors, `/login/${name}`)).status).toBe(303)
    }
    expect(actors.jar.cookies().map((cookie) => cookie.name)).toEqual([
      '__Host-dance.work',
      '__Host-dance.home',
    ])
  })

  test('a name that is not configured is an option_invalid that names it', () => {
    const { dance } = kit()
    for (const name of ['other', 'toString', '__proto__']) {
      expect(() => dance.paths(name)).toThrow(`providers.${name}`)
    }
  })

  test('a copy is answered: nobody can change where the routes are', () => {
    const { dance } = kit()
    dance.paths('fake').login = '/elsewhere'
    expect(dance.paths('fake').login).toBe('/login/fake')
  })
})
