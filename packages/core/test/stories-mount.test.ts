import { cookieJar, fakeProvider, memoryStorage, walkDance } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { beginDance, comeBack, openLogin } from './support/dancing.ts'
import { canariesOf, expectEnvelope } from './support/envelope.ts'
import { kit, origin } from './support/kit.ts'

const mounts: readonly (readonly [string, object, string])[] = [
  ['/', { basePath: '/' }, '/fake'],
  ['/login', { basePath: '/login' }, '/login/fake'],
  ['/login/', { basePath: '/login/' }, '/login/fake'],
  ['/a/b/c', { basePath: '/a/b/c' }, '/a/b/c/fake'],
  ['nothing', {}, '/login/fake'],
]

describe.each(mounts)('mounted at %s', (_, options, login) => {
  test('login, callback, redirect_uri, cookies and paths() agree A-12 [G7]', async () => {
    const { app, dance, fake, jar } = kit(options)
    expect(dance.paths('fake')).toEqual({
      login,
      callback: `${login}/callback`,
      logout: `${login}/logout`,
    })
    const first = await jar.send(app, `${origin}/notes`)
    expect(first.headers.get('location')).toBe(`${login}?returnTo=%2Fnotes`)
    const authorization = await openLogin(app, jar, origin + login)
    const redirectUri = `${origin}${login}/callback`
    expect(authorization.searchParams.get('redirect_uri')).toBe(redirectUri)
    expect((await walkDance(app, fake, `${origin}/notes`, jar)).status).toBe(200)
    const sent = await fake.tokenRequests[0]?.formData()
    expect(sent?.get('redirect_uri')).toBe(redirectUri)
    expect((await jar.send(app, `${origin}${login}/logout`, { method: 'POST' })).status).toBe(303)
    expect(jar.refused).toEqual([])
  })

  test('the routes have one spelling A-12 CVE-2026-47676 GHSA-x732-6j76-qmhm', async () => {
    const { dance } = kit(options)
    expect(dance.owns(new Request(origin + login))).toBe(true)
    for (const other of [
      `${login}/`,
      `/${login}`,
      login.toUpperCase(),
      login.replace('fake', '%66ake'),
      `${login}%2fcallback`,
    ]) {
      expect(dance.owns(new Request(origin + other))).toBe(false)
    }
  })
})

test('paths are whole paths with {provider}; the default ones are gone A-12', async () => {
  const { app, dance, fake, jar } = kit({
    basePath: '/ignored',
    paths: {
      login: '/auth/{provider}',
      callback: '/oauth2/{provider}/done',
      logout: '/bye/{provider}',
    },
  })
  expect(dance.paths('fake')).toEqual({
    login: '/auth/fake',
    callback: '/oauth2/fake/done',
    logout: '/bye/fake',
  })
  expect((await walkDance(app, fake, `${origin}/notes`, jar)).status).toBe(200)
  expect(fake.requests.authorize[0]?.url).toContain(
    encodeURIComponent(`${origin}/oauth2/fake/done`),
  )
  for (const path of ['/ignored/fake', '/ignored/fake/callback', '/login/fake']) {
    expect((await dance.handle(new Request(origin + path))).status).toBe(404)
  }
  expect((await jar.send(dance.handle, `${origin}/bye/fake`, { method: 'POST' })).status).toBe(303)
})

describe('several origins', () => {
  const origins = ['https://app.test', 'https://auth.app.test', 'https://pr-*-team.preview.test']

  test.each(['https://app.test', 'https://auth.app.test', 'https://pr-42-team.preview.test'])(
    'the host %s picks its own, for redirect_uri and cookies alike A-12 [G7]',
    async (place) => {
      const { app, fake, jar } = kit({ origin: origins })
      expect((await walkDance(app, fake, `${place}/notes`, jar)).status).toBe(200)
      const sent = await fake.tokenRequests[0]?.formData()
      expect(sent?.get('redirect_uri')).toBe(`${place}/login/fake/callback`)
      expect(jar.cookies().map(({ domain, hostOnly }) => [domain, hostOnly])).toEqual([
        [new URL(place).host, true],
      ])
    },
  )

  test.each([
    'https://evil.test',
    'https://app.test.evil.test',
    'https://pr--team.preview.test.evil.test',
    'https://a.pr-1-team.preview.test',
  ])('the host %s is none of them: 400, no provider asked A-12 F-39 [G7]', async (place) => {
    const { dance, fake, errors } = kit({ origin: origins })
    const answer = await cookieJar().send(dance.handle, `${place}/login/fake`)
    expect(answer.status).toBe(400)
    await expectEnvelope(answer)
    expect(errors.map(({ code }) => code)).toEqual(['origin_not_allowed'])
    expect(fake.requests.authorize.length).toBe(0)
  })

  test('a forwarded host only picks from the list, and only with trustProxy F-40 [G7]', async () => {
    const headers = { 'x-forwarded-host': 'auth.app.test', 'x-forwarded-proto': 'http' }
    const redirectUri = async (options: object) => {
      const { dance } = kit({ origin: origins, ...options })
      const answer = await cookieJar().send(dance.handle, `${origin}/login/fake`, { headers })
      return new URL(answer.headers.get('location') ?? '').searchParams.get('redirect_uri')
    }
    expect(await redirectUri({})).toBe('https://app.test/login/fake/callback')
    expect(await redirectUri({ trustProxy: true })).toBe(
      'https://auth.app.test/login/fake/callback',
    )
  })
})

test('one configured origin holds behind a proxy, whatever the request says A-12 F-39 [G7]', async () => {
  const { dance, fake } = kit()
  const inside = (url: string) => url.replace(origin, 'http://10.0.0.7:3000')
  const jar = cookieJar()
  const behindProxy = (request: Request) => {
    const { method, headers } = request
    const inner = new Request(inside(request.url), { method })
    // Some runtimes refuse a Cookie header to a Request, as browsers do
    Object.defineProperty(inner, 'headers', { value: headers })
    return dance.handle(inner)
  }
  const callback = await beginDance(behindProxy, fake, jar)
  expect(callback.startsWith(`${origin}/login/fake/callback?`)).toBe(true)
  expect((await comeBack(behindProxy, jar, callback)).status).toBe(303)
  expect(jar.get('__Host-dance.fake')).toBeTypeOf('string')
})

describe('without an origin', () => {
  test.each([
    'http://localhost:3000',
    'http://127.0.0.1:8787',
    'http://[::1]:3000',
    'https://localhost:8443',
  ])('%s just works in development NX-24 F-49 [G7]', async (place) => {
    const { app, fake, jar } = kit({ origin: undefined })
    expect((await walkDance(app, fake, `${place}/`, jar)).status).toBe(200)
    const secure = place.startsWith('https')
    expect(jar.cookies().map(({ name, secure }) => [name, secure])).toEqual([
      [secure ? '__Host-dance.fake' : 'dance.fake', secure],
    ])
  })

  test.each([
    'http://app.test',
    'http://192.168.0.7',
    'https://app.test',
    'http://localhost.evil.test',
  ])('%s is refused at the login, not after consent NX-24 [G7]', async (place) => {
    const { dance, fake, errors } = kit({ origin: undefined, storage: memoryStorage() })
    const answer = await cookieJar().send(dance.handle, `${place}/login/fake`)
    expect(answer.status).toBe(500)
    expect(await expectEnvelope(answer)).toContain('DANCE_ORIGIN')
    expect(errors.map(({ code }) => code)).toEqual(['origin_missing'])
    expect(fake.requests.authorize.length).toBe(0)
    expect(answer.headers.getSetCookie()).toEqual([])
  })
})

test.each([
  'http://app.test',
  'app.test',
  'https://app.test/path',
  'https://*.app.test',
  'https://pr-*.app.test',
  'ftp://app.test',
  '',
])('the origin %s fails in createDance, naming the option NX-24 F-49', (wrong) => {
  const fake = fakeProvider()
  const invalid = expect.objectContaining({ code: 'option_invalid' })
  expect(() => kit({ origin: [wrong] }, fake)).toThrow(invalid)
})

test('the error page names the redirect URI to register in development only', async () => {
  const page = async (place: string, options: object) => {
    const { dance, jar, fake } = kit(options)
    const answer = await jar.send(dance.handle, `${place}/login/fake/callback?code=1&state=2`)
    return expectEnvelope(answer, canariesOf({ fake, jar }))
  }
  const local = 'http://localhost:3000'
  expect(await page(local, { origin: undefined })).toContain(`${local}/login/fake/callback`)
  expect(await page(origin, {})).not.toContain('/login/fake/callback')
})
