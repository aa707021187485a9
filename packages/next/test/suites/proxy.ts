import type { CookieJar } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { press } from '../support/forms.ts'
import { origin, type Scene } from '../support/scene.ts'

export function tellProxy(scene: () => Scene): void {
  const open = (jar: CookieJar, path: string) => jar.send(scene().app, origin + path)

  describe('danceProxy()', () => {
    test('refreshes ahead: the page has the new token, the browser too [G8]', async () => {
      const { fake, connected } = scene()
      const jar = await connected('cookies', { stale: true })
      const sent = fake.tokenRequests.length
      const before = jar.header()
      const page = await open(jar, '/proxied/cookies')
      expect(await page.text()).toMatch(/Hello (<!-- -->)?octocat/)
      expect(page.headers.get('cache-control')).toContain('no-store')
      expect(jar.header()).not.toBe(before)
      // with what the browser has now nothing is due
      expect(await (await open(jar, '/bare/cookies')).text()).toContain('octocat')
      const again = await open(jar, '/proxied/cookies')
      expect(again.headers.getSetCookie()).toEqual([])
      expect(fake.tokenRequests.length).toBe(sent + 1)
    })

    test('hands the new token to route handlers, and to actions, which have the last word', async () => {
      const { app, fake, connected } = scene()
      const jar = await connected('cookies', { stale: true })
      const sent = fake.tokenRequests.length
      expect((await open(jar, '/api/greeting')).status).toBe(200)
      expect(fake.tokenRequests.length).toBe(sent + 1)

      const other = await connected('cookies', { stale: true })
      const page = await press(app, other, '/actions', 'theme')
      expect(await page.text()).toContain('status: ok')
      expect(other.get('theme')).toBe('light')
      expect(await (await open(other, '/bare/cookies')).text()).toContain('octocat')

      const last = await connected('cookies', { stale: true })
      expect(await (await press(app, last, '/actions', 'disconnect')).text()).toContain(
        'status: none',
      )
      expect(last.cookies()).toEqual([])
    })

    test('lets no cache keep a page that is the same for all, if it brings a cookie [G1]', async () => {
      const jar = await scene().connected('cookies', { stale: true })
      const page = await open(jar, '/still')
      expect(page.headers.getSetCookie().length).toBe(1)
      expect(page.headers.get('cache-control')).toBe('private, no-store')
      expect((await open(jar, '/still')).headers.get('cache-control')).toMatch(/^s-maxage/)
    })

    test('breaks no page while the provider is down', async () => {
      const { fake, connected } = scene()
      const jar = await connected('cookies', { stale: true })
      const before = jar.header()
      const lift = fake.fault({ endpoint: 'token', status: 503, times: Number.POSITIVE_INFINITY })
      expect((await open(jar, '/still')).status).toBe(200)
      expect(await (await open(jar, '/actions')).text()).toContain('status: expired')
      lift()
      expect(jar.header()).toBe(before)
    })

    test('sends a visitor whose grant is over to log in, and takes no cookie away [G8]', async () => {
      const { fake, connected } = scene()
      const jar = await connected('cookies', { stale: true })
      const before = jar.header()
      fake.endGrants()
      const page = await open(jar, '/proxied/cookies')
      expect(page.headers.get('location')).toBe('/cookies/fake?returnTo=%2Fproxied%2Fcookies')
      expect(await (await open(jar, '/actions')).text()).toContain('status: none')
      expect(jar.header()).toBe(before)
    })

    test("leaves visitors without cookies of the dance, and the dance's own routes, alone", async () => {
      const { app, fake, connected } = scene()
      const sent = fake.tokenRequests.length
      const plain = await app(new Request(`${origin}/still`, { headers: { cookie: 'app=1; b' } }))
      expect([plain.status, plain.headers.getSetCookie()]).toEqual([200, []])
      const jar = await connected('cookies', { stale: true })
      const own = await jar.send(app, `${origin}/cookies/connections`, { site: 'same-origin' })
      expect(await own.json()).toMatchObject([{ provider: 'fake', status: 'expired' }])
      expect(fake.tokenRequests.length).toBe(sent)
    })

    test('goes on with a proxy of the app: its headers, its rewrite, its redirect, its answer', async () => {
      const { connected } = scene()
      const themed = await connected('cookies', { stale: true })
      const page = await (await open(themed, '/themed')).text()
      expect(page).toMatch(/class="dark serif".*octocat/)
      expect(themed.get('theme')).toBe('dark')

      const both = await connected('edge', { stale: true })
      expect(await (await open(both, '/rewritten')).text()).toContain('octocat')
      for (const path of ['/redirected', '/answered']) {
        const jar = await connected('edge', { stale: true })
        const answer = await open(jar, path)
        expect(answer.status).toBe(path === '/answered' ? 200 : 307)
        expect(answer.headers.getSetCookie().length).toBe(1)
        expect([...answer.headers.keys()].filter((name) => name.includes('middleware'))).toEqual([])
        expect(await (await open(jar, '/edge-page')).text()).toContain('octocat')
      }
    })

    test('saves what it refreshed although a proxy of the app fails afterwards [G8]', async () => {
      const { connected, output } = scene()
      const jar = await connected('edge', { stale: true })
      const failed = await open(jar, '/broken')
      expect([failed.status, failed.headers.getSetCookie().length]).toEqual([500, 1])
      await expect.poll(output).toContain('The proxy is broken')
      expect(await (await open(jar, '/edge-page')).text()).toContain('octocat')
      expect((await open(jar, '/broken')).headers.getSetCookie()).toEqual([])
    })
  })
}
