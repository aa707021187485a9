import { cookieJar, fakeProvider, memoryStorage, signedInJar } from '@fetch-dance/testing'
import type { VisitContext } from 'fetch-dance'
import { expect, test } from 'vitest'
import { danceCookies, staleJar } from './support/dancing.ts'
import { kit, origin } from './support/kit.ts'

const page = `${origin}/`
const codeOf = (error: { code: string }) => error.code

/** What a browser with a due token sends, and the visit it opens. */
async function dueVisit(context: VisitContext, options: object = {}) {
  const fake = fakeProvider({ rotation: 'strict' })
  const all = kit(options, fake)
  const jar = await staleJar(all.dance, fake)
  const request = new Request(page, { headers: { cookie: jar.header(page) } })
  return { ...all, jar, visit: all.dance.visit(request, context) }
}

test('where no cookie can be set a refresh is cannot_persist before a token is spent [G8]', async () => {
  const { fake, visit } = await dueVisit({ readOnly: true })
  const connection = await visit.connection('fake')
  expect(connection.status).toBe('expired')
  const refused = { code: 'cannot_persist', status: 500 }
  await expect(connection.fetch('/user')).rejects.toMatchObject(refused)
  await expect(connection.token()).rejects.toMatchObject(refused)
  await expect(connection.profile()).rejects.toMatchObject(refused)
  expect(fake.tokenRequests.length).toBe(0)
})

test('after commit a refresh is cannot_persist before a token is spent [G8]', async () => {
  const { fake, visit } = await dueVisit({})
  const connection = await visit.connection('fake')
  visit.commit(new Response('done'))
  expect(await connection.token().catch(codeOf)).toBe('cannot_persist')
  expect(fake.tokenRequests.length).toBe(0)
})

test('a server-side storage is refreshed where no cookie can be set [G8]', async () => {
  const { fake, visit } = await dueVisit({ readOnly: true }, { storage: memoryStorage() })
  const answer = await (await visit.connection('fake')).fetch('/user')
  expect(answer.status).toBe(200)
  expect(fake.tokenRequests.length).toBe(1)
})

test('where no cookie can be set a token that is due but valid is used as it is [G8]', async () => {
  const { fake, dance } = kit()
  const expiresAt = Math.floor(Date.now() / 1000) + 5
  const jar = await signedInJar(dance, 'fake', { ...fake.issueToken(), expiresAt })
  const request = new Request(page, { headers: { cookie: jar.header(page) } })
  const visit = dance.visit(request, { readOnly: true })
  const connection = await visit.connection('fake')
  expect((await connection.token({ minValidity: 60 })).accessToken).toBeTypeOf('string')
  expect(fake.tokenRequests.length).toBe(0)
})

test('a refreshed token goes into the cookie of the answer, which no cache may keep [G1]', async () => {
  const { visit } = await dueVisit({})
  await (await visit.require('fake')).fetch('/user')
  const given = new Response('hi', { headers: { 'cache-control': 'public, max-age=60' } })
  const answer = visit.commit(given)
  expect(answer).not.toBe(given)
  expect(answer.headers.getSetCookie().length).toBe(1)
  expect(answer.headers.get('cache-control')).toBe('private, no-store')
  expect(answer.headers.get('vary')).toMatch(/\bcookie\b/i)
  expect(given.headers.get('set-cookie')).toBeNull()
})

test('an app that throws after a refresh is answered 500 with the new token, else it is rethrown [G8]', async () => {
  const fake = fakeProvider({ rotation: 'strict' })
  const { dance, app } = kit({}, fake)
  const failing = dance.wrap(async (_request, visit) => {
    await (await visit.require('fake')).token()
    throw new Error('the page is broken')
  })
  const jar = await staleJar(dance, fake)
  const answer = await jar.send(failing, page)
  expect(answer.status).toBe(500)
  expect(answer.headers.get('cache-control')).toContain('no-store')
  expect((await jar.send(app, page)).status).toBe(200)
  expect(fake.tokenRequests.length).toBe(1)
  await expect(jar.send(failing, page)).rejects.toThrow('the page is broken')
})

test.each(['none', 'strict'] as const)(
  'cookies say once that refreshes of several isolates are not coordinated, rotation %s [G9]',
  async (rotation) => {
    const { fake, dance, app, events } = kit({}, fakeProvider({ rotation }))
    for (let visitor = 0; visitor < 2; visitor++) {
      await (await staleJar(dance, fake)).send(app, page)
    }
    expect(events.filter((name) => name === 'uncoordinated')).toEqual(['uncoordinated'])
    const strong = kit({ storage: memoryStorage() }, fake)
    await (await staleJar(strong.dance, fake)).send(strong.app, page)
    expect(strong.events).not.toContain('uncoordinated')
  },
)

test('a refresh that makes the token too large for cookies still serves the caller [G8]', async () => {
  const fake = fakeProvider()
  const { dance, app, errors } = kit({}, fake)
  const jar = await staleJar(dance, fake)
  fake.set({ tamper: { token: (body) => ({ ...body, note: 'x'.repeat(40_000) }) } })
  expect((await jar.send(app, page)).status).toBe(200)
  expect(errors.map(({ code }) => code)).toEqual(['token_too_large'])
  expect(danceCookies(jar)).toEqual(['fake'])
})

test('a refresh that fails for a while sets no cookie [G8]', async () => {
  const { fake, dance } = kit({}, fakeProvider({ rotation: 'strict' }))
  const app = dance.wrap(async (_request, visit) => {
    const connection = await visit.require('fake')
    return new Response(await connection.token().then(() => 'fresh', codeOf))
  })
  const jar = await staleJar(dance, fake)
  fake.fault({ endpoint: 'token', status: 503 })
  const answer = await jar.send(app, page)
  expect(await answer.text()).toBe('provider_unavailable')
  expect(answer.headers.getSetCookie()).toEqual([])
})

test('reading sets no cookie [G1]', async () => {
  const { fake, dance, app } = kit()
  const jar = await signedInJar(dance, 'fake', fake.issueToken())
  const answer = await jar.send(app, page)
  expect(answer.headers.getSetCookie()).toEqual([])
  const shown = dance.wrap(async (_request, visit) =>
    Response.json((await visit.connections()).length),
  )
  expect((await jar.send(shown, page)).headers.getSetCookie()).toEqual([])
  expect((await cookieJar().send(shown, page)).headers.getSetCookie()).toEqual([])
})

test.each([
  ['in cookies', {}],
  ['in an eventual storage', { storage: { ...memoryStorage(), consistency: 'eventual' } }],
])(
  'a refresh token %s whose answer was lost is sent once more, then never: refresh_interrupted [G8]',
  async (_, keeping) => {
    const fake = fakeProvider({ rotation: 'strict' })
    const { app, dance } = kit(keeping, fake)
    const jar = await staleJar(dance, fake)
    const reasons: string[] = []
    dance.events.on('needsLogin', ({ reason }) => void reasons.push(reason))
    fake.fault({ endpoint: 'token', networkError: true, afterwards: true }) // rotated, unheard
    await expect(jar.send(app, page)).rejects.toMatchObject({ code: 'provider_unreachable' })
    for (let visit = 0; visit < 3; visit += 1) expect((await jar.send(app, page)).status).toBe(302)
    expect(reasons).toEqual(Array(3).fill('refresh_interrupted'))
    expect(fake.tokenRequests.length).toBe(2)
  },
)

test('a logout with the cookie from before a refresh revokes the token in force [G12]', async () => {
  const fake = fakeProvider({ rotation: 'grace' })
  const { app, dance } = kit({}, fake)
  const jar = await staleJar(dance, fake)
  const before = jar.copy()
  expect((await jar.send(app, page)).status).toBe(200)
  let inForce: string | undefined
  const look = dance.wrap(async (_request, visit) => {
    inForce = (await (await visit.connection('fake')).token()).refreshToken
    return new Response('seen')
  })
  await jar.send(look, page)
  await before.send(dance.handle, `${origin}/login/fake/logout`, { method: 'POST' })
  const sent = await fake.requests.revoke[0]?.formData()
  expect(sent?.get('token')).toBe(inForce)
  expect(danceCookies(before)).toEqual([])
})
