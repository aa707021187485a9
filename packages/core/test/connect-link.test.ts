import { type CookieJar, cookieJar, memoryStorage, walkDance } from '@fetch-dance/testing'
import type { TokenStorage } from 'fetch-dance'
import { describe, expect, test } from 'vitest'
import { comeBack, consentAt, openLogin } from './support/dancing.ts'
import { expectEnvelope } from './support/envelope.ts'
import { type Kit, kit, origin, travel } from './support/kit.ts'
import { signIn, userOf } from './support/session.ts'

const page = `${origin}/`
const hour = 3600

/** An app with users; a link is made as a job does it, without a request. */
function withUsers(options: object = {}) {
  const storage: TokenStorage = memoryStorage()
  const all = kit({ storage, owner: userOf, ...options })
  const linkFor = async (owner: string, o: { returnTo?: string; ttl?: number } = {}) =>
    (await all.dance.connection({ provider: 'fake', owner })).connectUrl({ ttl: hour, ...o })
  return { ...all, storage, linkFor, alice: signIn(cookieJar(), 'alice') }
}

async function open({ dance }: Kit, jar: CookieJar, url: string): Promise<Response> {
  return jar.send(dance.handle, url)
}

/** What the page or JSON says went wrong, with everything every answer keeps. */
async function refused({ dance, errors, fake }: Kit, jar: CookieJar, url: string) {
  const asked = fake.requests.authorize.length
  errors.length = 0
  const answer = await jar.send(dance.handle, url, { headers: { accept: 'application/json' } })
  const { error } = JSON.parse(await expectEnvelope(answer, fake.secrets()))
  expect(errors.map(({ code, phase, provider }) => [code, phase, provider])).toEqual([
    [error, 'connect', 'fake'],
  ])
  expect([answer.headers.get('location'), fake.requests.authorize.length]).toEqual([null, asked])
  return [answer.status, error]
}

describe('a link to connect', () => {
  test('leads its owner, on any device, through the dance and to where they were wanted A-04 A-11', async () => {
    const all = withUsers()
    const { app, dance, fake, linkFor, alice } = all
    const url = await linkFor('alice', { returnTo: '/settings?tab=2' })
    expect(url.startsWith(`${origin}/login/connect/`)).toBe(true)
    const shown = dance.wrap(async (request) => new Response(request.url))
    const answer = await walkDance(shown, fake, url, alice)
    expect(await answer.text()).toBe(`${origin}/settings?tab=2`)
    expect((await signIn(cookieJar(), 'alice').send(app, page)).status).toBe(200)
  })

  test('connects again what is over, and says what it was asked to renew A-11', async () => {
    const { app, dance, fake, linkFor, alice } = withUsers()
    await walkDance(app, fake, page, alice)
    fake.endGrants()
    const over = await dance.connection({ provider: 'fake', owner: 'alice' })
    await expect(over.token({ minValidity: 3601 })).rejects.toMatchObject({
      code: 'login_required',
    })
    await walkDance(dance.handle, fake, await over.connectUrl({ ttl: hour }), alice)
    expect((await alice.send(app, page)).status).toBe(200)
    expect(await linkFor('alice')).not.toBe(await linkFor('alice'))
  })

  test('is also made in a visit, for its origin', async () => {
    const { dance, alice } = withUsers({ origin: ['https://app.test', 'https://www.app.test'] })
    const app = dance.wrap(async (_request, visit) => {
      const connection = await visit.connection('fake')
      return new Response(await connection.connectUrl({ ttl: hour }))
    })
    const www = signIn(alice, 'alice', 'https://www.app.test')
    const answer = await www.send(app, 'https://www.app.test/')
    expect(await answer.text()).toMatch(/^https:\/\/www\.app\.test\/login\/connect\/[^/]+$/)
  })

  test.each([
    ['another user', 'bob'],
    ['nobody', ''],
  ])('proves nobody: %s is refused at its opening S14 [G2]', async (_, user) => {
    const owner = (request: Request) => userOf(request) || null
    const all = withUsers({ owner })
    const url = await all.linkFor('alice')
    const jar = signIn(cookieJar(), user)
    expect(await refused(all, jar, url)).toEqual([403, 'owner_mismatch'])
    expect((await all.storage.list({})).keys).toEqual([])
  })

  test('and at the callback S14 F-18 [G2]', async () => {
    const { dance, fake, linkFor, alice, errors, storage } = withUsers()
    const callback = await consentAt(
      fake,
      await openLogin(dance.handle, alice, await linkFor('alice')),
    )
    const answer = await comeBack(dance.handle, signIn(alice, 'bob'), callback)
    expect([answer.status, fake.tokenRequests.length]).toEqual([403, 0])
    expect(errors.map(({ code }) => code)).toEqual(['owner_mismatch'])
    expect((await storage.list({})).keys).toEqual([])
  })

  test('counts until somebody has connected, by it or without it [G2]', async () => {
    const all = withUsers()
    const { app, dance, fake, linkFor, alice } = all
    const [used, unused] = [await linkFor('alice'), await linkFor('alice')]
    await walkDance(dance.handle, fake, used, alice)
    for (const url of [used, unused]) {
      expect(await refused(all, alice, url)).toEqual([400, 'flow_missing'])
    }
    const later = await linkFor('alice')
    await walkDance(dance.handle, fake, `${origin}/login/fake`, alice)
    expect(await refused(all, alice, later)).toEqual([400, 'flow_missing'])
    const kept = await linkFor('alice')
    fake.set({ refreshToken: false })
    await walkDance(dance.handle, fake, kept, alice)
    expect(await refused(all, alice, kept)).toEqual([400, 'flow_missing'])
    const last = await linkFor('alice')
    await alice.send(dance.handle, `${origin}/login/fake/logout`, { method: 'POST' })
    expect(await refused(all, alice, last)).toEqual([400, 'flow_missing'])
    expect((await alice.send(app, page)).status).toBe(302)
  })

  test('counts once, also where it was opened twice before the first came back [G2]', async () => {
    const { dance, fake, linkFor, alice, errors } = withUsers()
    const url = await linkFor('alice')
    const tabs = [
      await openLogin(dance.handle, alice, url),
      await openLogin(dance.handle, alice, url),
    ]
    const callbacks = await Promise.all(tabs.map((tab) => consentAt(fake, tab)))
    const answers = []
    for (const callback of callbacks) answers.push(await comeBack(dance.handle, alice, callback))
    expect(answers.map(({ status }) => status)).toEqual([303, 400])
    expect([errors.map(({ code }) => code), fake.tokenRequests.length]).toEqual([
      ['flow_missing'],
      1,
    ])
  })

  test('survives refreshes, but not its ttl', async () => {
    const all = withUsers()
    const { app, dance, fake, linkFor, alice } = all
    await walkDance(app, fake, page, alice)
    const url = await linkFor('alice', { ttl: 60 })
    const connection = await dance.connection({ provider: 'fake', owner: 'alice' })
    await connection.token({ minValidity: 3601 })
    const at = async (seconds: number) => {
      const back = travel(seconds)
      try {
        return await open(all, alice.copy(), url)
      } finally {
        back()
      }
    }
    expect((await at(58)).status).toBe(302)
    const late = await at(61)
    expect(late.status).toBe(400)
    expect(await expectEnvelope(late)).not.toContain('href')
    expect(all.errors.map(({ code }) => code)).toEqual(['flow_expired'])
  })

  test('leads to the account it was made for, and no other A-06', async () => {
    const { app, dance, fake, linkFor, alice, errors } = withUsers()
    await walkDance(app, fake, page, alice)
    const url = await linkFor('alice')
    fake.set({ person: { id: 'somebody-else' } })
    const answer = await walkDance(dance.handle, fake, url, alice)
    expect([answer.status, errors.map(({ code }) => code)]).toEqual([403, ['account_mismatch']])
    fake.set({ person: { id: '583231' } })
    await walkDance(dance.handle, fake, url, alice)
    const { account } = await dance.connection({ provider: 'fake', owner: 'alice' })
    expect(account).toBe('583231')
  })
})
