import { cookieJar, fakeProvider, memoryStorage, walkDance } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { danceCookies, keepings } from './support/dancing.ts'
import { expectEnvelope } from './support/envelope.ts'
import { kit, origin } from './support/kit.ts'
import { oidcFake } from './support/oidc-fake.ts'
import { sessionCookie, signIn, userOf } from './support/session.ts'

const page = `${origin}/`

/** Signs people in by their account: finds or makes the local user, opens the app's session, names the owner. */
function signInBy(users: Map<string, string>) {
  return async (event: {
    profile(): Promise<{ id: string }>
    provider: string
    headers: Headers
  }) => {
    const { id } = await event.profile()
    const key = `${event.provider} ${id}`
    const user = users.get(key) ?? String(12345 + users.size)
    users.set(key, user)
    event.headers.append('set-cookie', sessionCookie(user))
    return { owner: user }
  }
}

describe('signing in with a provider', () => {
  const setup = () => {
    const users = new Map<string, string>()
    const storage = memoryStorage()
    const fake = fakeProvider({ person: { id: '987654' } })
    const all = kit({ storage, owner: userOf, on: { authorized: signInBy(users) } }, fake)
    return { ...all, users, storage }
  }

  test('stores the token under the user the handler names, with both cookies in one answer A-05', async () => {
    const { dance, app, fake, jar, users, storage } = setup()
    const answer = await walkDance(dance.handle, fake, `${origin}/login/fake`, jar)
    expect(answer.status).toBe(404) // the dance alone has no page at `/`
    expect(users).toEqual(new Map([['fake 987654', '12345']]))
    const { keys } = await storage.list({ owner: 'user:12345' })
    expect(keys).toEqual([{ provider: 'fake', owner: 'user:12345', account: '987654' }])
    expect(jar.get('session')).toBe('12345')
    expect((await jar.send(app, page)).status).toBe(200)
  })

  test('again with the same account makes no second user and keeps the refresh token A-05 NX-12 [G8]', async () => {
    const { app, dance, fake, users } = setup()
    await walkDance(app, fake, page, cookieJar())
    fake.set({ refreshToken: false })
    const jar = cookieJar()
    expect((await walkDance(app, fake, page, jar)).status).toBe(200)
    expect(users.size).toBe(1)
    const connection = await dance.connection({ provider: 'fake', owner: '12345' })
    expect(await connection.token()).toHaveProperty('refreshToken')
    fake.dropAccessTokens()
    expect((await jar.send(app, page)).status).toBe(200)
  })

  test("with another account never gets the first one's refresh token NX-12 [G8]", async () => {
    const { app, dance, fake, users } = setup()
    await walkDance(app, fake, page, cookieJar())
    fake.set({ refreshToken: false, person: { id: '2' } })
    await walkDance(app, fake, page, cookieJar())
    expect(users.size).toBe(2)
    const other = await dance.connection({ provider: 'fake', owner: '12346' })
    expect(await other.token()).not.toHaveProperty('refreshToken')
  })
})

describe.each(keepings)('without an owner option, tokens %s', (_, keeping) => {
  test("the handler's owner is kept in the owner cookie until forget() A-05", async () => {
    const { app, dance, fake, jar } = kit({ ...keeping(), on: { authorized: signInBy(new Map()) } })
    const who = dance.wrap(async (_request, visit) => Response.json(await visit.owner()))
    expect(await (await jar.send(who, page)).json()).toBeNull()
    expect((await walkDance(app, fake, page, jar)).status).toBe(200)
    expect(danceCookies(jar)).toContain('owner')
    expect(await (await jar.send(who, page)).json()).toBe('12345')
    const before = jar.get('__Host-dance.owner')
    await walkDance(app, fake, `${origin}/login/fake`, jar)
    expect(jar.get('__Host-dance.owner')).not.toBe(before) // new at every naming
    const leave = dance.wrap(async (_request, visit) => {
      await visit.forget()
      return Response.json(await visit.owner())
    })
    expect(await (await jar.send(leave, page)).json()).toBeNull()
    expect(danceCookies(jar)).toEqual([])
  })

  test('a repeat login of the same account without a refresh token keeps the stored one NX-12 [G8]', async () => {
    const fake = oidcFake()
    const { app, jar } = kit(keeping(), fake)
    await walkDance(app, fake, page, jar)
    fake.set({ refreshToken: false })
    await walkDance(app, fake, `${origin}/login/fake`, jar)
    fake.dropAccessTokens()
    expect((await jar.send(app, page)).status).toBe(200)
    fake.set({ person: { id: 'another' } })
    await walkDance(app, fake, `${origin}/login/fake`, jar)
    fake.dropAccessTokens()
    expect((await jar.send(app, page)).status).toBe(401) // nothing to refresh with
  })
})

test('an account nobody can name owns nothing: owner_required, nothing stored, token given back A-05 NX-21', async () => {
  const storage = memoryStorage()
  const { dance, fake, jar, errors } = kit({ storage, owner: userOf })
  const answer = await walkDance(dance.handle, fake, `${origin}/login/fake`, jar)
  expect(answer.status).toBe(403)
  await expectEnvelope(answer, fake.secrets())
  expect(errors.map(({ code }) => code)).toEqual(['owner_required'])
  expect((await storage.list({ owner: 'user:' })).keys).toEqual([])
  expect(fake.grants).toBe(0)
})

test('a handler cannot move the token of a signed-in user to another one S14 [G2]', async () => {
  const storage = memoryStorage()
  const on = { authorized: () => ({ owner: 'mallory' }) }
  const { dance, fake, jar, errors } = kit({ storage, owner: userOf, on })
  signIn(jar, 'alice')
  const answer = await walkDance(dance.handle, fake, `${origin}/login/fake`, jar)
  expect(answer.status).toBe(403)
  expect(errors.map(({ code }) => code)).toEqual(['owner_mismatch'])
  for (const owner of ['user:alice', 'user:mallory']) {
    expect((await storage.list({ owner })).keys).toEqual([])
  }
})

test('where owners are named, a profile that cannot be read fails the login A-05', async () => {
  const storage = memoryStorage()
  const { dance, fake, jar, errors } = kit({ storage, owner: () => 'alice' })
  fake.fault({ endpoint: '/api/user', status: 500 })
  const answer = await walkDance(dance.handle, fake, `${origin}/login/fake`, jar)
  expect(answer.status).toBe(503)
  expect(errors.map(({ code }) => code)).toEqual(['provider_unavailable'])
  expect((await storage.list({ owner: 'user:alice' })).keys).toEqual([])
})
