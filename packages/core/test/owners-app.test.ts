import { cookieJar, fakeProvider, memoryStorage, walkDance } from '@fetch-dance/testing'
import { beforeEach, describe, expect, test } from 'vitest'
import { expectEnvelope } from './support/envelope.ts'
import { type Kit, kit, origin, travel } from './support/kit.ts'

const page = `${origin}/`
const operator = { headers: { 'x-operator': 'yes' } }

/** One account for the whole app; only the operator may connect it. */
function appAccount(options: object = {}): Kit & { asOperator: Kit['app'] } {
  const all = kit(
    {
      storage: memoryStorage(),
      owner: 'the-app',
      authorizeLogin: (request: Request) => request.headers.has('x-operator'),
      ...options,
    },
    fakeProvider({ rotation: 'strict' }),
  )
  const asOperator = (request: Request) => {
    const headers = new Headers(request.headers)
    headers.set('x-operator', 'yes')
    return all.app(new Request(request, { headers }))
  }
  return { ...all, asOperator }
}

describe('a public account of the app A-01', () => {
  let all: ReturnType<typeof appAccount>
  const records = async () => (await storage.list({ owner: 'app:the-app' })).keys
  let storage = memoryStorage()

  beforeEach(async () => {
    storage = memoryStorage()
    all = appAccount({ storage })
    const answer = await walkDance(all.asOperator, all.fake, page, all.jar)
    expect(answer.status).toBe(200)
  })

  test('is one record after the operator has danced once A-01', async () => {
    const account = '583231'
    expect(await records()).toEqual([{ provider: 'fake', owner: 'app:the-app', account }])
  })

  test('serves a hundred anonymous visitors with one refresh, no cookie and no redirect A-01 [G9]', async () => {
    const { app, dance, fake } = all
    const post = dance.wrap(async (request, visit) => {
      const connection = await visit.require('fake')
      return connection.fetch('/texts', { method: 'POST', body: new URL(request.url).search })
    })
    const visitors = async (count: number) => {
      const answers = await Promise.all(
        Array.from({ length: count }, (_, index) =>
          cookieJar().send(post, `${page}?text=${index}`),
        ),
      )
      for (const answer of answers) {
        expect(answer.status).toBe(200)
        expect(answer.headers.getSetCookie()).toEqual([])
      }
    }
    fake.tokenRequests.length = 0
    fake.requests.api.length = 0
    await visitors(80)
    const returned = travel(7200)
    try {
      await visitors(20)
    } finally {
      returned()
    }
    expect(fake.requests.api.length).toBe(100)
    expect(fake.tokenRequests.length).toBe(1)
    const sent = fake.requests.api.map(({ headers }) => headers.get('authorization') ?? '')
    expect(sent.every((header) => header.startsWith('Bearer '))).toBe(true)
    expect(new Set(sent).size).toBe(2)
    expect((await cookieJar().send(app, page)).status).toBe(200)
  })

  test('cannot be replaced, disconnected or listed by an anonymous visitor A-01 [G2] [G12]', async () => {
    const { app, fake } = all
    const before = await storage.get({ provider: 'fake', owner: 'app:the-app' })
    const visitor = cookieJar()
    for (const [path, o] of [
      ['/login/fake', {}],
      ['/login/fake/logout', { method: 'POST' }],
      ['/login/connections', { headers: { 'sec-fetch-site': 'same-origin' } }],
    ] as const) {
      const answer = await visitor.send(app, `${origin}${path}`, o)
      expect(answer.status).toBe(403)
      await expectEnvelope(answer, fake.secrets())
    }
    expect(await storage.get({ provider: 'fake', owner: 'app:the-app' })).toEqual(before)
    expect(visitor.cookies()).toEqual([])
    expect(fake.requests.revoke.length).toBe(0)
  })

  test('cannot be replaced by an anonymous visitor with an answer of their own A-01 F-07 [G2]', async () => {
    const { app, asOperator, fake, jar } = all
    const before = await storage.get({ provider: 'fake', owner: 'app:the-app' })
    const login = await jar.send(asOperator, `${origin}/login/fake`)
    const back = await fake.fetch(login.headers.get('location') ?? '', { redirect: 'manual' })
    fake.tokenRequests.length = 0
    const stolen = jar.copy()
    const answer = await stolen.send(app, back.headers.get('location') ?? '', {
      site: 'cross-site',
    })
    expect(answer.status).toBe(403)
    expect(fake.tokenRequests.length).toBe(0)
    expect(await storage.get({ provider: 'fake', owner: 'app:the-app' })).toEqual(before)
  })

  test('that the provider has revoked is a typed login_required, and 503 for visitors A-01 NX-08', async () => {
    const { app, asOperator, dance, fake } = all
    fake.endGrants()
    const answer = await cookieJar().send(app, page)
    expect(answer.status).toBe(503)
    expect(answer.headers.get('location')).toBeNull()
    const refusal = await expectEnvelope(answer, fake.secrets())
    expect(refusal).toContain('<p>Somebody else has to log in for it.</p>')
    expect(refusal).not.toContain('href')
    const connection = await dance.connection({ provider: 'fake', owner: 'the-app' })
    expect([connection.status, connection.reason]).toEqual(['needs_login', 'revoked'])
    await expect(connection.fetch('/user')).rejects.toMatchObject({ code: 'login_required' })
    const invited = await cookieJar().send(asOperator, page)
    expect([invited.status, invited.headers.get('location')]).toEqual([
      302,
      '/login/fake?returnTo=%2F',
    ])
  })

  test('is disconnected by its operator A-01 A-08 [G12]', async () => {
    const { asOperator, fake, jar } = all
    const answer = await jar.send(asOperator, `${origin}/login/fake/logout`, { method: 'POST' })
    expect(answer.status).toBe(303)
    expect(await records()).toEqual([])
    expect(fake.grants).toBe(0)
  })
})

test('authorizeLogin is asked with the provider and what is to be done A-01', async () => {
  const asked: string[] = []
  const all = appAccount({
    authorizeLogin: (_request: Request, o: { provider: string; action: string }) => {
      asked.push(`${o.action} ${o.provider}`)
      return true
    },
  })
  await walkDance(all.app, all.fake, `${origin}/login/fake`, all.jar)
  expect(new Set(asked)).toEqual(new Set(['login fake']))
  asked.length = 0
  await all.jar.send(all.app, `${origin}/login/fake/logout`, { method: 'POST' })
  const headers = { 'sec-fetch-site': 'same-origin' }
  await all.jar.send(all.app, `${origin}/login/connections`, { headers })
  expect(asked.slice(0, 2)).toEqual(['logout fake', 'list fake'])
})

test.each([
  ['throws', () => Promise.reject(new Error('database away'))],
  ['answers something else than true', () => 'yes'],
])('a guard that %s refuses the login A-01', async (_name, authorizeLogin) => {
  const { fake, dance } = appAccount({ authorizeLogin })
  const answer = await cookieJar().send(dance.handle, `${origin}/login/fake`, operator)
  expect(answer.status).toBe(403)
  expect(await expectEnvelope(answer)).not.toContain('database')
  expect(fake.requests.authorize.length).toBe(0)
})

test('a fixed owner without a server-side storage or a guard fails in createDance A-01', () => {
  const invalid = (path: string) =>
    expect.objectContaining({
      code: 'option_invalid',
      message: expect.stringContaining(`"${path}"`),
    })
  expect(() => kit({ owner: 'app', authorizeLogin: () => true })).toThrow(invalid('storage'))
  expect(() => kit({ owner: 'app', storage: memoryStorage() })).toThrow(invalid('authorizeLogin'))
})
