import { cookieJar, walkDance } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { origin, type Scene } from '../support/scene.ts'

export function tellComponents(scene: () => Scene): void {
  describe('danceServer()', () => {
    for (const kind of ['cookies', 'storage'] as const) {
      test(`sends the visitor of a page to log in, and reads what came of it: tokens in ${kind} A-03`, async () => {
        const { app, fake } = scene()
        const jar = cookieJar()
        const first = await jar.send(app, `${origin}/bare/${kind}`)
        expect(first.headers.get('location')).toBe(`/${kind}/fake?returnTo=%2Fbare%2F${kind}`)
        const answer = await walkDance(app, fake, `${origin}/bare/${kind}`, jar)
        expect(answer.status).toBe(200)
        expect(await answer.text()).toMatch(/Hello (<!-- -->)?octocat/)
      })
    }

    test('does not spend a refresh token that it could not save, and says what to do [G8]', async () => {
      const { app, fake, connected } = scene()
      const jar = await connected('cookies', { stale: true })
      const sent = fake.tokenRequests.length
      const page = await (await jar.send(app, `${origin}/bare/cookies`)).text()
      expect(page).toContain('cannot_persist: Cannot save the token: no cookie can be set here')
      expect(page).toMatch(
        /in a route handler, an action, a proxy\), or use a server-side .*storage/,
      )
      expect(fake.tokenRequests.length).toBe(sent)
    })

    test('refreshes what is kept on a server [G8]', async () => {
      const { app, fake, connected } = scene()
      const jar = await connected('storage', { stale: true })
      const sent = fake.tokenRequests.length
      for (let time = 0; time < 2; time++) {
        const page = await (await jar.send(app, `${origin}/bare/storage`)).text()
        expect(page).toMatch(/Hello (<!-- -->)?octocat/)
      }
      expect(fake.tokenRequests.length).toBe(sent + 1)
    })

    test('asks for a scope once, and sends nobody round in circles who does not give it A-20', async () => {
      const { app, fake, connected } = scene()
      const jar = await connected('cookies')
      const page = `${origin}/bare-scope`
      const login = '/cookies/fake?returnTo=%2Fbare-scope&scopes=extra'
      expect((await jar.send(app, page)).headers.get('location')).toBe(login)
      fake.set({ granted: ['another'] })
      const refused = await (await walkDance(app, fake, page, jar)).text()
      fake.set({ granted: null })
      expect(refused).toContain(`<a href="${login.replaceAll('&', '&amp;')}">scope_refused</a>`)
      const given = await walkDance(app, fake, origin + login, jar)
      expect(await given.text()).toContain('The scope was given')
    })

    test('sends a visitor who moves within the app to log in too, and starts no flow for Next', async () => {
      const { app } = scene()
      const jar = cookieJar()
      const headers = { rsc: '1', accept: '*/*', 'sec-fetch-mode': 'cors' }
      // Next wants an address of its own for it, and leads there
      const page = await jar.send(app, `${origin}/bare/cookies?_rsc`, { headers })
      expect(await page.text()).toContain('/cookies/fake?returnTo=%2Fbare%2Fcookies')
      for (const path of ['/cookies/fake', '/edge/fake']) {
        const login = await jar.send(app, `${origin}${path}?_rsc`, { headers })
        expect([path, login.status]).toEqual([path, 405])
      }
      expect(jar.cookies()).toEqual([])
    })
  })
}
