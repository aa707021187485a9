import {
  cookieJar,
  fakeProvider,
  joinFakes,
  memoryStorage,
  signedInJar,
  walkDance,
} from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { beginDance, comeBack, staleJar } from './support/dancing.ts'
import { expectEnvelope } from './support/envelope.ts'
import { kit, origin } from './support/kit.ts'
import { signIn, userOf } from './support/session.ts'
import { unreliableStorage } from './support/unreliable-storage.ts'

const page = `${origin}/`

/** An app with users of its own. */
function withUsers(options: object = {}, fake = fakeProvider()) {
  const storage = unreliableStorage()
  return { ...kit({ storage, owner: userOf, ...options }, fake), storage }
}

test('a user who connected on one device is connected on another A-04', async () => {
  const { app, fake } = withUsers()
  const [laptop, phone, stranger] = [cookieJar(), cookieJar(), cookieJar()]
  for (const device of [laptop, phone]) signIn(device, 'alice')
  expect((await walkDance(app, fake, page, laptop)).status).toBe(200)
  expect((await phone.send(app, page)).status).toBe(200)
  expect((await signIn(stranger, 'bob').send(app, page)).status).toBe(302)
  expect((await cookieJar().send(app, page)).status).toBe(302)
  expect(fake.tokenRequests.length).toBe(1)
  expect(phone.cookies().map(({ name }) => name)).toEqual(['session'])
})

test('a login is stored only if it was written, also where its access token is the one before', async () => {
  const { dance, fake, storage } = withUsers()
  const jar = signIn(cookieJar(), 'alice')
  const { accessToken } = fake.issueToken()
  const logIn = () => signedInJar(dance, 'fake', { accessToken }, { jar })
  await logIn()
  storage.breakPut('lost', 1)
  await expect(logIn()).rejects.toMatchObject({ code: 'storage_failed' })
  storage.breakPut('applied', 1)
  await expect(logIn()).resolves.toBe(jar)
})

test('fifty interleaved requests of two users never meet a foreign token NX-02', async () => {
  const { app, dance, fake, storage } = withUsers({}, fakeProvider({ expiresIn: 100 }))
  const who = dance.wrap(async (_request, visit) => {
    const connection = await visit.require('fake')
    const { raw } = await connection.profile()
    return Response.json([await visit.owner(), connection.owner, raw])
  })
  const jars = { ada: signIn(cookieJar(), 'ada'), bob: signIn(cookieJar(), 'bob') }
  for (const [login, jar] of Object.entries(jars)) {
    fake.set({ person: { id: login, login } })
    await walkDance(app, fake, page, jar)
  }
  storage.delay = 2
  const users = Array.from({ length: 50 }, (_, index) =>
    index % 3 ? ('ada' as const) : ('bob' as const),
  )
  const answers = users.map((user) => jars[user].copy().send(who, page))
  const seen = await Promise.all(answers.map(async (answer) => (await answer).json()))
  expect(seen).toEqual(users.map((user) => [user, user, expect.objectContaining({ login: user })]))
})

test('several accounts and several providers of one user are all listed A-06', async () => {
  const [work, home] = [fakeProvider({ issuer: 'https://work.test' }), fakeProvider({ oidc: true })]
  const providers = { work: work.provider(), home: home.provider() }
  const { dance } = withUsers({ providers, fetch: joinFakes(work, home) })
  const jar = signIn(cookieJar(), 'alice')
  for (const id of ['1', '2']) {
    work.set({ person: { id } })
    await walkDance(dance.handle, work, `${origin}/login/work`, jar)
  }
  await walkDance(dance.handle, home, `${origin}/login/home`, jar)
  const app = dance.wrap(async (_request, visit) => {
    const all = await visit.connections()
    const [first] = all.filter(({ account }) => account === '1')
    const chosen = await visit.connection('work', { account: first?.account ?? '' })
    const latest = await visit.connection('work')
    const ids = [(await chosen.profile()).id, (await latest.profile()).id]
    return Response.json({ names: all.map(({ provider }) => provider).sort(), ids })
  })
  const answer = await (await jar.send(app, page)).json()
  expect(answer).toEqual({ names: ['home', 'work', 'work'], ids: ['1', '2'] })
  const headers = { 'sec-fetch-site': 'same-origin', accept: 'application/json' }
  const listed = await jar.send(dance.handle, `${origin}/login/connections`, { headers })
  const body = await expectEnvelope(listed, [...work.secrets(), ...home.secrets()])
  expect(JSON.parse(body).length).toBe(3)
})

test('an account that another user holds is account_in_use, nothing moves, nobody is named A-06 GHSA-g38m-r43w-p2q7', async () => {
  const { app, fake, errors } = withUsers()
  const [alice, bob] = [signIn(cookieJar(), 'alice'), signIn(cookieJar(), 'bob')]
  await walkDance(app, fake, page, alice)
  const answer = await walkDance(app, fake, page, bob)
  expect(answer.status).toBe(403)
  const body = await expectEnvelope(answer, fake.secrets())
  for (const name of ['alice', 'bob', 'octocat', '583231']) expect(body).not.toContain(name)
  expect(errors.map(({ code }) => code)).toEqual(['account_in_use'])
  expect((await alice.send(app, page)).status).toBe(200)
  expect((await bob.send(app, page)).status).toBe(302)
})

test('accounts with one e-mail address are never linked by it A-06', async () => {
  const { app, fake } = withUsers()
  for (const [user, id] of [
    ['alice', '1'],
    ['bob', '2'],
  ] as const) {
    fake.set({ person: { id, email: 'same@fake.test' } })
    expect((await walkDance(app, fake, page, signIn(cookieJar(), user))).status).toBe(200)
  }
})

test("the app's own logout leaves the connection, and the next sign-in finds it A-07", async () => {
  const { app, dance, fake } = withUsers()
  const jar = signIn(cookieJar(), 'alice')
  await walkDance(app, fake, page, jar)
  const logout = dance.wrap(async (_request, visit) => {
    await visit.forget()
    return new Response('bye', { headers: { 'set-cookie': 'session=; Path=/; Max-Age=0' } })
  })
  await jar.send(logout, page)
  expect((await jar.send(app, page)).status).toBe(302)
  expect((await signIn(jar, 'alice').send(app, page)).status).toBe(200)
  expect([fake.consents, fake.requests.revoke.length]).toEqual([1, 0])
})

test.each([
  ['another user', 'bob'],
  ['nobody', ''],
])(
  'a flow that began under alice is not finished by %s S14 F-18 F-19 [G2]',
  async (_name, user) => {
    const { dance, fake, storage } = withUsers({
      owner: (request: Request) => userOf(request) || null,
    })
    const jar = signIn(cookieJar(), 'alice')
    const callback = await beginDance(dance.handle, fake, jar)
    const answer = await comeBack(dance.handle, signIn(jar, user), callback)
    expect(answer.status).toBe(403)
    await expectEnvelope(answer, fake.secrets())
    expect([fake.tokenRequests.length, storage.puts]).toEqual([0, 0])
  },
)

describe('an anonymous visitor of an app with users', () => {
  test("touches nobody's token NX-21", async () => {
    const { dance, app, fake, storage, errors } = withUsers()
    await walkDance(app, fake, page, signIn(cookieJar(), 'alice'))
    const before = storage.values.length
    const stranger = cookieJar()
    const answer = await walkDance(dance.handle, fake, `${origin}/login/fake`, stranger)
    expect(answer.status).toBe(403)
    expect(errors.map(({ code }) => code)).toEqual(['owner_required'])
    await stranger.send(dance.handle, `${origin}/login/fake/logout`, { method: 'POST' })
    expect(storage.values.length).toBe(before)
    expect((await signIn(cookieJar(), 'alice').send(app, page)).status).toBe(200)
  })

  test('has no connection and no owner NX-21', async () => {
    const { dance } = withUsers()
    const app = dance.wrap(async (_request, visit) => {
      const { status, owner, account } = await visit.connection('fake')
      const all = await visit.connections()
      return Response.json([status, owner, account, all.length, await visit.owner()])
    })
    const answer = await cookieJar().send(app, page)
    expect(await answer.json()).toEqual(['none', null, null, 0, null])
  })
})

test.each([
  ['throws', () => Promise.reject(new Error('database away'))],
  ['answers a number', () => 7],
  ['answers an empty text', () => ''],
  ['answers undefined', () => undefined],
])('an owner option that %s is 503 owner_failed, never "signed out"', async (_name, owner) => {
  const { dance, app, fake } = kit({ storage: memoryStorage(), owner })
  const answer = await cookieJar().send(dance.handle, `${origin}/login/fake`)
  expect(answer.status).toBe(503)
  expect(await expectEnvelope(answer)).not.toContain('database')
  await expect(cookieJar().send(app, page)).rejects.toMatchObject({ code: 'owner_failed' })
  expect(fake.requests.authorize.length).toBe(0)
})

test("the adapter's owner stands in for the option", async () => {
  const { dance, fake } = kit({ storage: memoryStorage() })
  await staleJar(dance, fake)
  const visit = dance.visit(new Request(page), { owner: 'carol' })
  expect([await visit.owner(), (await visit.connection('fake')).owner]).toEqual(['carol', 'carol'])
})
