import { fakeProvider, memoryStorage, signedInJar } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { staleJar, staleToken } from './support/dancing.ts'
import { kit, origin } from './support/kit.ts'

const page = `${origin}/`
const fifty = Array.from({ length: 50 }, (_, index) => index)

/** The three kinds of owner, and the browser in both places where it can keep its token. */
const owners: readonly (readonly [string, () => object])[] = [
  ['the browser, in cookies', () => ({})],
  ['the browser, in a storage', () => ({ storage: memoryStorage() })],
  ['a user of the app', () => ({ storage: memoryStorage(), owner: () => 'alice' })],
  ['a user of the app, in cookies', () => ({ owner: () => 'alice' })],
  ['the app', () => ({ storage: memoryStorage(), owner: 'app', authorizeLogin: () => true })],
]

describe.each(owners)('the token of %s', (_, owner) => {
  test('is refreshed once for fifty callers at once NX-10 [G9]', async () => {
    const fake = fakeProvider({ rotation: 'strict' })
    const { dance, app, events, errors } = kit(owner(), fake)
    const jar = await staleJar(dance, fake)
    fake.fault({ endpoint: 'token', delay: 20 })
    const cookie = jar.copy() // every request leaves with the cookies from before
    const answers = await Promise.all(fifty.map(() => cookie.copy().send(app, page)))
    expect(answers.map(({ status }) => status)).toEqual(fifty.map(() => 200))
    expect(fake.tokenRequests.length).toBe(1)
    expect(events.filter((name) => name === 'refreshed')).toEqual(['refreshed'])
    expect(errors).toEqual([])
    expect(fake.grants).toBe(1)
    const sent = fake.requests.api.map(({ headers }) => headers.get('authorization'))
    expect(new Set(sent).size).toBe(1)
  })

  test('is refreshed once for fifty calls of one request, and of its 401s NX-10 NX-11 [G9]', async () => {
    const fake = fakeProvider({ rotation: 'strict' })
    const { dance } = kit(owner(), fake)
    const app = dance.wrap(async (_request, visit) => {
      const connection = await visit.require('fake')
      const answers = await Promise.all(fifty.map(() => connection.fetch('/user')))
      return Response.json(answers.map(({ status }) => status))
    })
    const jar = await signedInJar(dance, 'fake', fake.issueToken())
    fake.dropAccessTokens()
    expect(await (await jar.send(app, page)).json()).toEqual(fifty.map(() => 200))
    expect(fake.tokenRequests.length).toBe(1)
    expect(fake.grants).toBe(1)
  })
})

test('two owners who refresh at once each get their own token NX-02 [G9]', async () => {
  const fake = fakeProvider({ rotation: 'strict' })
  const owner = (request: Request) => request.headers.get('x-user')
  const { dance } = kit({ storage: memoryStorage(), owner }, fake)
  const app = dance.wrap(async (_request, visit) => {
    const { raw } = await (await visit.require('fake')).profile()
    return Response.json(raw)
  })
  for (const login of ['ada', 'bob']) {
    fake.set({ person: { id: login, login } })
    await staleJar(dance, fake, { headers: { 'x-user': login } })
  }
  const asked = fifty.map((index) => (index % 2 ? 'ada' : 'bob'))
  const answers = asked.map((user) => {
    return app(new Request(page, { headers: { 'x-user': user, accept: 'text/html' } }))
  })
  const logins = await Promise.all(answers.map(async (answer) => (await answer).json()))
  expect(logins.map(({ login }) => login)).toEqual(asked)
  expect(fake.tokenRequests.length).toBe(2)
})

test('a caller who leaves neither stops the refresh nor the others [G5] [G8]', async () => {
  const fake = fakeProvider({ rotation: 'strict' })
  const storage = memoryStorage()
  const { dance, app } = kit({ storage, owner: () => 'alice' }, fake)
  await staleJar(dance, fake)
  fake.fault({ endpoint: 'token', delay: 30 })
  const leaving = new AbortController()
  const gone = dance.wrap(async (_request, visit) => {
    const connection = await visit.require('fake')
    return connection.fetch('/user', { signal: leaving.signal })
  })
  const left = gone(new Request(page)).catch((error: Error) => error.name)
  const stayed = app(new Request(page))
  setTimeout(() => leaving.abort(), 5)
  expect(await left).toBe('AbortError')
  expect((await stayed).status).toBe(200)
  expect(fake.tokenRequests.length).toBe(1)
  expect(fake.grants).toBe(1)
})

test('a caller waits no longer than "timeout", and the late answer is kept all the same [G5] [G8]', async () => {
  const fake = fakeProvider({ rotation: 'strict' })
  const { dance, app } = kit({ storage: memoryStorage(), owner: () => 'alice', timeout: 250 }, fake)
  await signedInJar(dance, 'fake', staleToken(fake))
  fake.fault({ endpoint: 'token', delay: 600 })
  const codeOf = (error: { code: string }) => error.code
  expect(await app(new Request(page)).catch(codeOf)).toBe('provider_timeout')
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect((await app(new Request(page))).status).toBe(200)
  expect(fake.tokenRequests.length).toBe(1)
})

test('a caller who joins a refresh that hangs waits once for "timeout" too [G5]', async () => {
  const { fake, dance } = kit({ storage: memoryStorage(), owner: () => 'alice', timeout: 400 })
  const token = { ...fake.issueToken(), expiresAt: Math.floor(Date.now() / 1000) + 20 }
  await signedInJar(dance, 'fake', token)
  fake.fault({ endpoint: 'token', hang: true })
  const connection = await dance.connection({ provider: 'fake', owner: 'alice' })
  const first = connection.token({ minValidity: 60 })
  await new Promise((resolve) => setTimeout(resolve, 10))
  const began = performance.now()
  const joined = await (await dance.connection({ provider: 'fake', owner: 'alice' })).token({
    minValidity: 60,
  })
  expect(performance.now() - began).toBeLessThan(750)
  expect([joined.accessToken, (await first).accessToken]).toEqual(Array(2).fill(token.accessToken))
})

test('a token that still works is used while its refresh hangs or fails [G8]', async () => {
  const { fake, dance, app } = kit({ storage: memoryStorage(), owner: () => 'alice', timeout: 250 })
  const token = { ...fake.issueToken(), expiresAt: Math.floor(Date.now() / 1000) + 20 }
  await signedInJar(dance, 'fake', token)
  const connection = await dance.connection({ provider: 'fake', owner: 'alice' })
  fake.fault({ endpoint: 'token', status: 503 })
  expect((await connection.token({ minValidity: 60 })).accessToken).toBe(token.accessToken)
  fake.fault({ endpoint: 'token', hang: true })
  expect((await connection.token({ minValidity: 60 })).accessToken).toBe(token.accessToken)
  expect((await app(new Request(page))).status).toBe(200)
  expect(fake.tokenRequests.length).toBe(2)
})
