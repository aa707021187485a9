import { cookieJar, memoryStorage, walkDance } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { danceCookies } from './support/dancing.ts'
import { kit, origin } from './support/kit.ts'
import { movingApp } from './support/moving.ts'
import { oidcFake } from './support/oidc-fake.ts'
import { signIn, userOf } from './support/session.ts'

const page = `${origin}/`

describe('a token cookie from before the move', () => {
  test('is for its owner alone: nobody else takes it over, and it stays where it is A-19 NX-21 [G2]', async () => {
    const { fake, before, keys } = movingApp()
    const jar = cookieJar()
    await walkDance(before.app, fake, page, jar)
    const cookies = danceCookies(jar)
    for (const owner of [() => 'alice', () => null]) {
      const { app } = kit({ storage: memoryStorage(), owner }, fake)
      expect((await jar.send(app, page)).status).toBe(302)
      expect(danceCookies(jar)).toEqual(cookies)
    }
    expect(await keys()).toEqual([])
    const users = movingApp({ owner: userOf })
    const shared = signIn(cookieJar(), 'alice')
    await walkDance(users.before.app, users.fake, page, shared)
    expect((await signIn(shared, 'bob').send(users.after.app, page)).status).toBe(302)
    expect(await users.keys()).toEqual([])
    expect((await signIn(shared, 'alice').send(users.after.app, page)).status).toBe(200)
  })

  test('of an account that another user has by now moves nothing A-19 A-06', async () => {
    const { fake, before, after, keys } = movingApp({ owner: userOf })
    const [alice, bob] = [signIn(cookieJar(), 'alice'), signIn(cookieJar(), 'bob')]
    await walkDance(before.app, fake, page, alice)
    await walkDance(after.app, fake, page, bob)
    expect((await alice.send(after.app, page)).status).toBe(302)
    expect(danceCookies(alice)).toEqual(['fake'])
    const owners = (await keys()).map(({ owner }) => owner)
    expect(owners).toEqual(['user:bob'])
    expect((await bob.send(after.app, page)).status).toBe(200)
  })

  test('becomes one account more of its user, on every device A-19 A-04 A-06', async () => {
    const fake = oidcFake()
    const providers = { fake: fake.provider() }
    const { before, after, keys } = movingApp({ owner: userOf, providers }, { fake })
    const [laptop, phone] = [signIn(cookieJar(), 'alice'), signIn(cookieJar(), 'alice')]
    fake.set({ person: { id: 'work' } })
    await walkDance(before.app, fake, page, laptop)
    fake.set({ person: { id: 'home' } })
    await walkDance(after.app, fake, page, phone)
    expect((await laptop.send(after.app, page)).status).toBe(200)
    expect(danceCookies(laptop)).toEqual([])
    const all = (await keys()).map(({ owner, account }) => [owner, account])
    expect(all.sort()).toEqual([
      ['user:alice', 'https://fake.test|home'],
      ['user:alice', 'https://fake.test|work'],
    ])
  })

  test('that does not open is no connection, and stays where it is F-42', async () => {
    const { fake, before, after, keys } = movingApp()
    const jar = cookieJar()
    await walkDance(before.app, fake, page, jar)
    const value = jar.get('__Host-dance.fake') ?? ''
    const changed = `${value.slice(0, -2)}AA`
    const headers = { 'set-cookie': `__Host-dance.fake=${changed}; Path=/; Secure; HttpOnly` }
    jar.store(new Response(null, { headers }), page)
    expect((await jar.send(after.app, page)).status).toBe(302)
    expect([jar.get('__Host-dance.fake'), await keys()]).toEqual([changed, []])
  })
})
