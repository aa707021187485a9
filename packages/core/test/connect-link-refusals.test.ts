import { cookieJar, fakeProvider, memoryStorage, walkDance } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { comeBack, consentAt, openLogin } from './support/dancing.ts'
import { expectEnvelope } from './support/envelope.ts'
import { kit, origin } from './support/kit.ts'
import { signIn, userOf } from './support/session.ts'

const hour = 3600

function withUsers(options: object = {}) {
  const all = kit({ storage: memoryStorage(), owner: userOf, ...options })
  const link = async (o: { returnTo?: string } = {}) =>
    (await all.dance.connection({ provider: 'fake', owner: 'alice' })).connectUrl({
      ttl: hour,
      ...o,
    })
  return { ...all, link, alice: signIn(cookieJar(), 'alice') }
}

describe('the route of links', () => {
  test('is one of the dance, wherever it is mounted A-12', async () => {
    for (const basePath of ['/', '/login', '/a/b/']) {
      const { dance, fake, link, alice } = withUsers({ basePath })
      const url = await link()
      expect(url).toContain(`${origin}${basePath.replace(/\/$/, '')}/connect/`)
      expect(dance.owns(new Request(url, { method: 'POST' }))).toBe(true)
      const app = dance.wrap(async () => new Response('the app'))
      expect(await (await walkDance(app, fake, url, alice)).text()).toBe('the app')
    }
  })

  test('takes no HEAD, no POST and nothing ahead NX-14', async () => {
    const { dance, fake, link, alice } = withUsers()
    const url = await link()
    for (const o of [
      { method: 'HEAD' },
      { method: 'POST' },
      { headers: { 'sec-purpose': 'prefetch' } },
      { headers: { rsc: '1' } },
    ]) {
      const answer = await alice.send(dance.handle, url, o)
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET'])
    }
    expect(fake.requests.authorize.length).toBe(0)
    expect(alice.cookies().map(({ name }) => name)).toEqual(['session'])
  })

  test('takes a fetch of the own pages only, and answers it with JSON', async () => {
    const { dance, link, alice } = withUsers()
    const url = await link()
    const headers = { accept: 'application/json', 'sec-fetch-mode': 'cors' }
    const own = await alice.send(dance.handle, url, { headers, site: 'same-origin' })
    expect((await own.json()).url).toMatch(/^https:\/\/fake\.test\/authorize\?/)
    for (const site of ['cross-site', 'same-site', 'none'] as const) {
      expect((await alice.send(dance.handle, url, { headers, site })).status).toBe(403)
    }
  })

  test.each(['cross-site', 'same-site'] as const)(
    'asks first where a %s page, a mailbox for instance, led to it',
    async (site) => {
      const { dance, fake, link, alice } = withUsers()
      const url = await link()
      const answer = await alice.send(dance.handle, url, { site })
      expect(answer.status).toBe(200)
      const body = await expectEnvelope(answer, fake.secrets())
      const [, href = ''] = /<a href="([^"]+)">/.exec(body) ?? []
      expect(href).toBe(new URL(url).pathname)
      const clicked = await alice.send(dance.handle, origin + href, { site: 'same-origin' })
      expect(clicked.status).toBe(302)
    },
  )

  test.each([
    [
      'with one character changed',
      (url: string) => `${url.slice(0, -3)}${url.at(-3) === 'A' ? 'B' : 'A'}${url.slice(-2)}`,
    ],
    ['with a path behind it', (url: string) => `${url}/x`],
    ['with one before it', (url: string) => url.replace('/connect/', '/connect/x/')],
    ['that holds nothing', (url: string) => url.replace(/connect\/.*/, 'connect/')],
    ['that is none', (url: string) => url.replace(/connect\/.*/, 'connect/__proto__')],
  ])('knows no link %s F-42', async (_, change) => {
    const { dance, errors, fake, link, alice } = withUsers()
    const answer = await alice.send(dance.handle, change(await link()))
    expect([answer.status, errors.map(({ code }) => code)]).toEqual([400, ['flow_missing']])
    await expectEnvelope(answer, fake.secrets())
    expect(fake.requests.authorize.length).toBe(0)
  })

  test.each(['https://evil.test/', '//evil.test', '/\\evil.test', '/login/fake/logout'])(
    'sends nobody to %s NX-16 [G6]',
    async (returnTo) => {
      const { dance, fake, link, alice } = withUsers()
      const url = await link({ returnTo })
      const callback = await consentAt(fake, await openLogin(dance.handle, alice, url))
      const answer = await comeBack(dance.handle, alice, callback)
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/'])
    },
  )
})

describe('connectUrl()', () => {
  test('shows neither whose link it is nor a secret [G11]', async () => {
    const { dance, fake, link, alice } = withUsers()
    await walkDance(dance.handle, fake, `${origin}/login/fake`, alice)
    const url = await link({ returnTo: '/private' })
    for (const text of ['alice', '583231', 'fake', 'private', ...fake.secrets()]) {
      expect(new URL(url).pathname).not.toContain(text)
    }
  })

  test('needs somebody the link can name', async () => {
    const notSupported = { code: 'not_supported', status: 500 }
    const browser = kit({ storage: memoryStorage() })
    const nobody = kit({ storage: memoryStorage(), owner: () => null })
    for (const { dance } of [browser, nobody, kit()]) {
      const connection = await dance.visit(new Request(`${origin}/`)).connection('fake')
      await expect(connection.connectUrl({ ttl: hour })).rejects.toMatchObject(notSupported)
    }
  })

  test.each([
    ['none', undefined],
    ['several', ['https://app.test', 'https://www.app.test']],
    ['a pattern', 'https://app-*-team.host.test'],
  ])('needs an origin: outside a request it has no choice among %s [G7]', async (_, configured) => {
    const { link } = withUsers({ origin: configured })
    await expect(link()).rejects.toMatchObject({ code: 'origin_missing', status: 500 })
  })

  test('for the app itself leads whom authorizeLogin lets, at its opening and back A-01', async () => {
    const fake = fakeProvider()
    const asked: string[] = []
    const storage = memoryStorage()
    const { dance, errors } = kit(
      {
        storage,
        owner: 'newsroom',
        authorizeLogin: (request: Request, { action }: { action: string }) => {
          asked.push(action)
          return userOf(request) === 'operator'
        },
      },
      fake,
    )
    const connection = await dance.connection({ provider: 'fake', owner: 'newsroom' })
    const url = await connection.connectUrl({ ttl: hour })
    const stranger = signIn(cookieJar(), 'stranger')
    expect((await stranger.send(dance.handle, url)).status).toBe(403)
    const operator = signIn(cookieJar(), 'operator')
    const callback = await consentAt(fake, await openLogin(dance.handle, operator, url))
    const taken = signIn(operator.copy(), 'stranger')
    expect((await comeBack(dance.handle, taken, callback)).status).toBe(403)
    expect(fake.tokenRequests.length).toBe(0)
    expect((await comeBack(dance.handle, operator, callback)).status).toBe(303)
    expect(errors.map(({ code }) => code)).toEqual(['login_forbidden', 'login_forbidden'])
    expect(asked).toEqual(['login', 'login', 'login', 'login'])
    expect((await storage.list({ owner: 'app:newsroom' })).keys.length).toBe(1)
  })
})
