import { cookieJar, memoryStorage, walkDance } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { beginDance, comeBack, danceCookies, keepings } from './support/dancing.ts'
import { kit, origin, travel } from './support/kit.ts'
import { oidcFake } from './support/oidc-fake.ts'

const page = `${origin}/`

describe.each(keepings)('browsers without an owner, tokens %s', (_, keeping) => {
  test('each have a token of their own, gone with their cookies A-03', async () => {
    const { app, dance, fake } = kit(keeping())
    const who = dance.wrap(async (_request, visit) => {
      return Response.json((await (await visit.require('fake')).profile()).raw)
    })
    const jars = { ada: cookieJar(), bob: cookieJar() }
    for (const [login, jar] of Object.entries(jars)) {
      fake.set({ person: { id: login, login } })
      await walkDance(app, fake, page, jar)
    }
    for (const [login, jar] of Object.entries(jars)) {
      expect(await (await jar.send(who, page)).json()).toMatchObject({ login })
    }
    for (const { name } of jars.ada.cookies()) jars.ada.delete(name)
    expect((await jars.ada.send(who, page)).status).toBe(302)
    expect(await (await jars.bob.send(who, page)).json()).toMatchObject({ login: 'bob' })
  })

  test('signed in, then anonymous: 200, 302; and the other way round: 302, 200 NX-01', async () => {
    const { app, fake, jar } = kit(keeping())
    await walkDance(app, fake, page, jar)
    const statuses = async (browsers: { send: typeof jar.send }[]) => {
      const answers = []
      for (const browser of browsers) answers.push((await browser.send(app, page)).status)
      return answers
    }
    expect(await statuses([jar, cookieJar()])).toEqual([200, 302])
    expect(await statuses([cookieJar(), jar])).toEqual([302, 200])
  })

  test('a lost token means a new dance, back to the page that was wanted A-11', async () => {
    const { dance, fake, jar } = kit(keeping())
    const app = dance.wrap(async (request, visit) => {
      await (await visit.require('fake')).fetch('/user')
      return new Response(request.url)
    })
    const wanted = `${origin}/a/page?with=query&and=%C3%A9`
    expect(await (await walkDance(app, fake, wanted, jar)).text()).toBe(wanted)
    for (const name of danceCookies(jar)) jar.delete(`__Host-dance.${name}`)
    expect(await (await walkDance(app, fake, wanted, jar)).text()).toBe(wanted)
    fake.endGrants()
    expect(await (await walkDance(app, fake, wanted, jar)).text()).toBe(wanted)
    expect(fake.tokenRequests.length).toBe(4) // three dances and the refresh that was refused
  })

  test('visit.forget() forgets this browser, revokes nothing, and needs no consent afterwards A-07', async () => {
    const { app, dance, fake, jar, events } = kit(keeping())
    const leave = dance.wrap(async (_request, visit) => {
      await visit.forget()
      return Response.json((await visit.connection('fake')).status)
    })
    await walkDance(app, fake, page, jar)
    const left = await jar.send(leave, page)
    expect(await left.json()).toBe('none')
    expect(left.headers.get('cache-control')).toBe('private, no-store')
    expect(jar.cookies()).toEqual([])
    expect(fake.requests.revoke.length).toBe(0)
    expect(events).not.toContain('disconnected')
    expect((await jar.send(app, page)).status).toBe(302)
    await walkDance(app, fake, page, jar)
    expect(fake.consents).toBe(1)
  })

  test('two tabs both finish, each with its own verifier and returnTo, in either order NX-03 F-20 [G2]', async () => {
    const { dance, fake, jar } = kit(keeping())
    const tabs = []
    for (const tab of ['one', 'two', 'three', 'four', 'five']) {
      const login = `${origin}/login/fake?returnTo=/${tab}`
      tabs.push({ tab, callback: await beginDance(dance.handle, fake, jar, login) })
    }
    for (const { tab, callback } of tabs.reverse()) {
      const answer = await comeBack(dance.handle, jar, callback)
      expect([answer.status, answer.headers.get('location')]).toEqual([303, `/${tab}`])
    }
    const forms = await Promise.all(fake.tokenRequests.map((request) => request.formData()))
    expect(new Set(forms.map((form) => form.get('code_verifier'))).size).toBe(5)
    expect(danceCookies(jar)).toEqual(['fake'])
  })
})

test('a cookie copied before a dance opens nothing after it NX-26 [G2]', async () => {
  const { app, fake, jar } = kit({ storage: memoryStorage() })
  await walkDance(app, fake, page, jar)
  const stolen = jar.copy()
  expect((await stolen.send(app, page)).status).toBe(200)
  await walkDance(app, fake, `${origin}/login/fake`, jar)
  expect((await jar.send(app, page)).status).toBe(200)
  expect((await stolen.send(app, page)).status).toBe(302)
  expect(fake.requests.revoke.length).toBe(0) // ended here, never revoked
})

test("the record a dance replaces is ended, and only this browser's NX-26", async () => {
  const storage = memoryStorage()
  const { app, fake } = kit({ storage })
  const [one, other] = [cookieJar(), cookieJar()]
  for (const jar of [one, other, one, one]) await walkDance(app, fake, `${origin}/login/fake`, jar)
  const { keys } = await storage.list({})
  expect(keys.filter(({ provider }) => provider === 'fake').length).toBe(2)
  for (const jar of [one, other]) expect((await jar.send(app, page)).status).toBe(200)
})

test('browsers may share an account A-06', async () => {
  const { app, fake } = kit({ storage: memoryStorage() }, oidcFake())
  const jars = [cookieJar(), cookieJar()]
  for (const jar of jars) expect((await walkDance(app, fake, page, jar)).status).toBe(200)
  for (const jar of jars) expect((await jar.send(app, page)).status).toBe(200)
})

test.each(keepings)(
  'a connection %s that is used stays, however long ago it was made',
  async (_, keeping) => {
    const { app, fake, jar } = kit(keeping())
    await walkDance(app, fake, page, jar)
    for (const day of [60, 120, 180]) {
      const returned = travel(day * 24 * 3600)
      try {
        expect((await jar.send(app, page)).status).toBe(200)
      } finally {
        returned()
      }
    }
    expect(fake.consents).toBe(1)
  },
)
