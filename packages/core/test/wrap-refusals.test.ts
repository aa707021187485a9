import { type CookieJar, memoryStorage } from '@fetch-dance/testing'
import { type Dance, DanceError } from 'fetch-dance'
import { describe, expect, test } from 'vitest'
import { staleJar } from './support/dancing.ts'
import { expectEnvelope } from './support/envelope.ts'
import { kit, origin } from './support/kit.ts'

const mine = new Error('mine')

/** What comes of an app that throws after it did something. */
async function outcome(dance: Dance, jar: CookieJar, what: 'login' | 'token'): Promise<unknown> {
  const app = dance.wrap(async (_request, visit) => {
    const connection = await visit.connection('fake')
    await connection[what]()
    throw mine
  })
  return jar.send(app, `${origin}/`).catch((error: unknown) => error)
}

describe('wrap() and an app that throws', () => {
  test('rethrows where only a login was begun: no token is lost with it', async () => {
    const { dance, jar } = kit()
    expect(await outcome(dance, jar, 'login')).toBe(mine)
  })

  test('rethrows where the fresh token is kept in a storage', async () => {
    const { dance, fake } = kit({ storage: memoryStorage() })
    const jar = await staleJar(dance, fake)
    expect(await outcome(dance, jar, 'token')).toBe(mine)
    expect(fake.tokenRequests.length).toBe(1)
  })

  test('answers 500 with the cookies where the fresh token would be lost [G8]', async () => {
    const { dance, fake } = kit()
    const jar = await staleJar(dance, fake)
    const before = jar.get('__Host-dance.fake')
    const answer = await outcome(dance, jar, 'token')
    if (!(answer instanceof Response)) throw answer
    expect(answer.status).toBe(500)
    await expectEnvelope(answer, fake.secrets())
    expect(jar.get('__Host-dance.fake')).not.toBe(before)
  })

  test('answers 500 whatever the app threw: an error of ours has a status of its own [G8]', async () => {
    const { dance, fake } = kit()
    const jar = await staleJar(dance, fake)
    const app = dance.wrap(async (_request, visit) => {
      await (await visit.require('fake')).token()
      throw new DanceError('provider_unavailable', 'Cannot reach another provider')
    })
    expect((await jar.send(app, `${origin}/`)).status).toBe(500)
  })
})

describe('wrap() and a visitor who is not connected', () => {
  const navigation = { 'sec-fetch-mode': 'navigate', accept: 'application/json' }

  test('a navigation goes to the login, whatever it accepts', async () => {
    const { app } = kit()
    const answer = await app(new Request(`${origin}/notes`, { headers: navigation }))
    expect(answer.status).toBe(302)
  })

  test.each([
    ['a script', { 'sec-fetch-mode': 'cors', accept: '*/*' }],
    ['a client that says nothing', {}],
  ])('%s whom authorizeLogin refuses is told so as JSON, without a way', async (_name, headers) => {
    const { app } = kit({ owner: 'app', storage: memoryStorage(), authorizeLogin: () => false })
    const answer = await app(new Request(`${origin}/notes`, { headers }))
    expect(answer.status).toBe(503)
    expect(JSON.parse(await expectEnvelope(answer))).toEqual({ error: 'login_required' })
  })
})

test.each([
  ['says it is a navigation', { 'sec-fetch-mode': 'navigate' }],
  ['comes from nowhere', { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'none' }],
  ['comes from elsewhere', { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'cross-site' }],
])('login() tells its URL as JSON to this app alone, not to who %s', async (_name, headers) => {
  const { dance } = kit()
  const ask = (more: Record<string, string>) =>
    dance.handle(
      new Request(`${origin}/login/fake`, {
        headers: { ...headers, accept: 'application/json', ...more },
      }),
    )
  const refused = await ask({})
  expect(refused.status).toBe(403)
  expect(JSON.parse(await expectEnvelope(refused))).toMatchObject({ error: 'cross_origin' })
  expect(refused.headers.getSetCookie()).toEqual([])
  expect((await ask({ 'sec-fetch-site': 'same-origin' })).status).toBe(200)
})
