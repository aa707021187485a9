import { type CookieJar, cookieJar, signedInJar, walkDance } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { danceCookies, staleToken } from './support/dancing.ts'
import { origin, travel } from './support/kit.ts'
import { movingApp } from './support/moving.ts'
import { oidcFake } from './support/oidc-fake.ts'
import { signIn, userOf } from './support/session.ts'
import { unreliableStorage } from './support/unreliable-storage.ts'

const page = `${origin}/`

const owners = [
  ['a browser', {}, (jar: CookieJar) => jar, /^browser:[\w-]{43}$/],
  ['a user', { owner: userOf }, (jar: CookieJar) => signIn(jar, 'alice'), /^user:alice$/],
] as const

describe.each(owners)('%s who is connected when an app moves to a storage', (_, o, come, named) => {
  test('stays connected, without a cookie that holds a token A-19', async () => {
    const { fake, before, after, keys } = movingApp(o)
    const jar = come(cookieJar())
    await walkDance(before.app, fake, page, jar)
    const token = jar.get('__Host-dance.fake')
    expect((await jar.send(after.app, page)).status).toBe(200)
    expect(jar.get('__Host-dance.fake')).not.toBe(token)
    expect(danceCookies(jar)).toEqual('owner' in o ? [] : ['fake'])
    const [key, ...others] = await keys()
    expect([key?.owner, others]).toEqual([expect.stringMatching(named), []])
    expect((await jar.send(after.app, page)).status).toBe(200)
    expect([fake.consents, fake.tokenRequests.length, (await keys()).length]).toEqual([1, 1, 1])
    const back = travel(2 * 3600)
    try {
      expect((await jar.send(after.app, page)).headers.getSetCookie().length).toBe(
        'owner' in o ? 0 : 1,
      )
      expect((await jar.send(after.app, page)).status).toBe(200)
      expect(fake.tokenRequests.length).toBe(2)
    } finally {
      back()
    }
  })

  test('stays connected, at whatever moment the visit ends that moves the token A-19 [G8]', async () => {
    for (let moment = 0; moment < 24; moment += 2) {
      const { fake, before, after } = movingApp(o)
      const jar = come(cookieJar())
      await walkDance(before.app, fake, page, jar)
      const hasty = after.dance.wrap(async (_request, visit) => {
        visit.connection('fake').catch(() => {}) // cannot_persist, once the visit has ended
        for (let turn = 0; turn < moment; turn += 1)
          await crypto.subtle.digest('SHA-256', new Uint8Array())
        return new Response('done')
      })
      await jar.send(hasty, page)
      await new Promise((resolve) => setTimeout(resolve, 5))
      expect([moment, (await jar.send(after.app, page)).status]).toEqual([moment, 200])
    }
  })

  test('with a token in pieces leaves none behind A-19 NX-19', async () => {
    const { before, after, fake } = movingApp(o)
    const raw = { long: 'x'.repeat(9_000) }
    const jar = await signedInJar(
      before.dance,
      'fake',
      { ...fake.issueToken(), raw },
      {
        jar: come(cookieJar()),
      },
    )
    expect(danceCookies(jar).length).toBeGreaterThan(3)
    expect((await jar.send(after.app, page)).status).toBe(200)
    expect(danceCookies(jar)).toEqual('owner' in o ? [] : ['fake'])
    expect((await jar.send(after.app, page)).status).toBe(200)
  })

  test('and comes with twenty requests at once has one record, refreshed once A-19 NX-10 [G9]', async () => {
    const { before, after, fake, keys } = movingApp(o)
    const jar = await signedInJar(before.dance, 'fake', staleToken(fake), {
      jar: come(cookieJar()),
    })
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => jar.copy().send(after.app, page)),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect([(await keys()).length, fake.tokenRequests.length, fake.grants]).toEqual([1, 1, 1])
    expect((await jar.send(after.app, page)).status).toBe(200) // the answers were lost on the way
    expect([(await keys()).length, fake.tokenRequests.length]).toEqual([1, 1])
  })

  test('is moved by no visit that can set no cookie, and can use the token A-19', async () => {
    const { before, after, fake, keys } = movingApp(o)
    const jar = await signedInJar(before.dance, 'fake', fake.issueToken(), {
      jar: come(cookieJar()),
    })
    const read = async () => {
      const headers = { cookie: jar.header(page) }
      const visit = after.dance.visit(new Request(page, { headers }), { readOnly: true })
      return visit.connection('fake')
    }
    expect((await (await read()).fetch('/user')).status).toBe(200)
    const back = travel(2 * 3600)
    try {
      await expect((await read()).token()).rejects.toMatchObject({ code: 'cannot_persist' })
    } finally {
      back()
    }
    expect([await keys(), fake.tokenRequests.length]).toEqual([[], 0])
    expect((await jar.send(after.app, page)).status).toBe(200)
    expect((await keys()).length).toBe(1)
  })

  test('is listed, and disconnects A-19 A-08', async () => {
    const { before, after, fake, keys } = movingApp(o)
    const jar = come(cookieJar())
    await walkDance(before.app, fake, page, jar)
    const headers = { accept: 'application/json' }
    const list = () =>
      jar.send(after.dance.handle, `${origin}/login/connections`, { headers, site: 'same-origin' })
    const listed = await (await list()).json()
    expect(listed).toEqual([expect.objectContaining({ provider: 'fake', status: 'ok' })])
    const logout = `${origin}/login/fake/logout`
    const answer = await jar.send(after.dance.handle, logout, { method: 'POST', headers })
    expect(await answer.json()).toEqual({ remote: 'revoked' })
    expect([await keys(), danceCookies(jar), fake.grants]).toEqual([[], [], 0])
    expect(await (await list()).json()).toEqual([])
  })

  test('keeps scopes and refresh token when the first visit is a login A-19 A-20 NX-12', async () => {
    const fake = oidcFake({ rotation: 'strict' })
    const providers = { fake: fake.provider({ optionalScopes: ['more'] }) }
    const { before, after } = movingApp({ ...o, providers }, { fake })
    const jar = come(cookieJar())
    await walkDance(before.dance.handle, fake, `${origin}/login/fake?scopes=more`, jar)
    fake.set({ refreshToken: false })
    await walkDance(after.app, fake, `${origin}/login/fake`, jar)
    const { searchParams } = new URL(fake.requests.authorize.at(-1)?.url ?? '')
    expect(searchParams.get('scope')?.split(' ')).toContain('more')
    const back = travel(2 * 3600)
    try {
      expect((await jar.send(after.app, page)).status).toBe(200)
    } finally {
      back()
    }
  })

  test('is not "not connected" while the storage is away A-19 [G8]', async () => {
    const storage = unreliableStorage()
    const { before, after, fake, keys } = movingApp({ ...o, timeout: 500 }, { storage })
    const jar = come(cookieJar())
    await walkDance(before.app, fake, page, jar)
    storage.breakPut('applied', 1)
    const open = (request: Request) => after.dance.visit(request).connection('fake')
    const request = () => new Request(page, { headers: { cookie: jar.header(page) } })
    await expect(open(request())).rejects.toMatchObject({ code: 'storage_failed', status: 503 })
    expect((await jar.send(after.app, page)).status).toBe(200)
    expect((await keys()).length).toBe(1)
  })
})
