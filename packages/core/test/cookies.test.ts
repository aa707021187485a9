import { cookieJar, memoryStorage, signedInJar } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { kit, origin, travel } from './support/kit.ts'
import { beginLogin, login } from './support/login.ts'

const day = 24 * 3600

describe('attributes, as a browser reads them', () => {
  test('https: __Host-, Secure, HttpOnly, Path=/, SameSite=Lax, no Domain F-49 S28', async () => {
    const naming = kit({ storage: memoryStorage(), on: { authorized: () => ({ owner: '7' }) } })
    await login(naming)
    const actors = kit()
    const { answer } = await beginLogin(actors)
    const cookies = [...naming.jar.cookies(), ...actors.jar.cookies()]
    await login(actors)
    cookies.push(...actors.jar.cookies())
    const names = cookies.map(({ name }) => name.replace(/\.[\w-]{12}$/, ''))
    expect(new Set(names)).toEqual(
      new Set(['__Host-dance.flow', '__Host-dance.owner', '__Host-dance.fake']),
    )
    const strict = { secure: true, httpOnly: true, path: '/', sameSite: 'lax', hostOnly: true }
    for (const cookie of cookies) expect(cookie).toMatchObject({ ...strict, partitioned: false })
    expect(answer.headers.getSetCookie().join()).not.toMatch(/domain/i)
    expect(actors.jar.refused).toEqual([])
  })

  test('http on loopback: no prefix and not Secure, and the whole dance works F-49 NX-24', async () => {
    for (const base of ['http://localhost:3000', 'http://127.0.0.1:8080', 'http://[::1]:80']) {
      const actors = kit({ origin: undefined })
      expect((await login(actors, '/login/fake', base)).status).toBe(303)
      expect(actors.jar.refused).toEqual([])
      const [cookie, ...others] = actors.jar.cookies()
      expect(others).toEqual([])
      expect(cookie).toMatchObject({ name: 'dance.fake', secure: false, httpOnly: true, path: '/' })
    }
  })

  test('lives: ten minutes for a flow, 90 days for a token, or what the option says', async () => {
    const at = Date.now()
    const seconds = (expiresAt: number | null | undefined) =>
      Math.round(((expiresAt ?? 0) - at) / 1000)
    const actors = kit()
    await beginLogin(actors)
    expect(seconds(actors.jar.cookies()[0]?.expiresAt)).toBeCloseTo(600, -1)
    await login(actors)
    const token = actors.jar.cookies().find(({ name }) => name === '__Host-dance.fake')
    expect(seconds(token?.expiresAt)).toBeCloseTo(90 * day, -1)
    const short = kit({ cookie: { maxAge: 7 * day } })
    await login(short)
    expect(seconds(short.jar.cookies()[0]?.expiresAt)).toBeCloseTo(7 * day, -1)
  })

  test('a name and partitions of one’s own', async () => {
    const actors = kit({ cookie: { name: 'shop_1', partitioned: true } })
    await login(actors)
    expect(actors.jar.cookies()).toMatchObject([
      { name: '__Host-shop_1.fake', partitioned: true, secure: true },
    ])
  })

  test('every one that goes out is deleted with the attributes it was set with', async () => {
    const actors = kit()
    const { dance, jar } = actors
    await login(actors)
    await beginLogin(actors)
    expect(jar.cookies().length).toBe(2)
    const app = dance.wrap(async (_request, visit) => {
      await visit.forget()
      return new Response('bye')
    })
    const answer = await jar.send(app, `${origin}/bye`)
    expect(jar.cookies()).toEqual([])
    expect(jar.refused).toEqual([])
    for (const line of answer.headers.getSetCookie()) {
      expect(line).toMatch(/^__Host-dance\.[\w.-]+=; Path=\/; .*Max-Age=0/)
    }
  })
})

describe('what a response with a cookie may be', () => {
  test('never cacheable, whatever the app says of it CVE-2025-48947 CVE-2025-64762 [G1]', async () => {
    const { dance, fake } = kit({ minValidity: 30 })
    const app = dance.wrap(async (_request, visit) => {
      await (await visit.connection('fake')).token()
      return new Response('page', {
        headers: { 'cache-control': 'public, max-age=600', 'cdn-cache-control': 'max-age=600' },
      })
    })
    const stale = { ...fake.issueToken(), expiresAt: 1 }
    const jar = await signedInJar(dance, 'fake', stale)
    const answer = await jar.send(app, `${origin}/`)
    expect(answer.headers.getSetCookie().length).toBe(1)
    expect(answer.headers.get('cache-control')).toBe('private, no-store')
    expect(answer.headers.get('cdn-cache-control')).toBe(null)
    expect(answer.headers.get('vary')).toMatch(/cookie/i)
  })

  test('a read sets no cookie and leaves the response as it is', async () => {
    const { dance, fake } = kit()
    const page = new Response('page', { headers: { 'cache-control': 'public, max-age=600' } })
    const app = dance.wrap(async (_request, visit) => {
      await (await visit.connection('fake')).fetch('/user')
      await visit.connections()
      await visit.owner()
      return page
    })
    const jar = await signedInJar(dance, 'fake', fake.issueToken())
    expect(await jar.send(app, `${origin}/`)).toBe(page)
  })
})

describe('a stolen cookie F-53', () => {
  const app = ({ dance }: ReturnType<typeof kit>) =>
    dance.wrap(async (_request, visit) => new Response((await visit.connection('fake')).status))

  async function afterLogout(options: object) {
    const actors = kit(options)
    await login(actors)
    const stolen = actors.jar.copy()
    const logout = await actors.jar.send(actors.dance.handle, `${origin}/login/fake/logout`, {
      method: 'POST',
    })
    expect(logout.status).toBe(303)
    const status = async () => (await stolen.send(app(actors), `${origin}/`)).text()
    return { ...actors, status }
  }

  test('opens nothing after logout where a storage keeps the token [G12]', async () => {
    const { status, fake } = await afterLogout({ storage: memoryStorage() })
    expect(await status()).toBe('none')
    expect(fake.grants).toBe(0)
  })

  test('in cookie mode works until the end of the seal, and the provider has revoked it [G12]', async () => {
    const { status, fake } = await afterLogout({ cookie: { maxAge: 3600 } })
    expect(await status()).toBe('ok') // the documented limit
    expect(fake.grants).toBe(0)
    const back = travel(3601)
    try {
      expect(await status()).toBe('none')
    } finally {
      back()
    }
  })
})

test('a cookie from before a dance opens nothing after it CVE-2022-25896 NX-26 [G2]', async () => {
  const actors = kit({ storage: memoryStorage() })
  await login(actors)
  const before = actors.jar.copy()
  await login(actors)
  const app = actors.dance.wrap(async (_request, visit) => {
    return new Response((await visit.connection('fake')).status)
  })
  expect(await (await before.send(app, `${origin}/`)).text()).toBe('none')
  expect(await (await actors.jar.send(app, `${origin}/`)).text()).toBe('ok')
  expect(await (await cookieJar().send(app, `${origin}/`)).text()).toBe('none')
})
