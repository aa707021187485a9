import {
  type App,
  type CookieJar,
  cookieJar,
  type FakeProvider,
  walkDance,
} from '@fetch-dance/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Listening,
  listeningFake,
} from '../../../../packages/testing/test/support/over-http.ts'
import { openEcho } from './open-echo.ts'
import { environment, origin, type RunningApp } from './running.ts'

const tokenCookie = '__Host-dance.github'

/**
 * Walks the dance through an app that serves what recipes/app.ts does, wherever it runs: at `/` whoever is connected to
 * `github`, with the cookies `seen` and `theme`, and at `/echo` the body that is posted there.
 *
 * @param name The recipe's name on the page.
 * @param start Starts the app with an environment.
 * @param more Tests of this recipe alone.
 */
export function walkRecipe(
  name: string,
  start: (env: Record<string, string>) => Promise<RunningApp>,
  more: (app: App, fake: () => FakeProvider, port: () => number) => void = () => {},
): void {
  describe(`the recipe for ${name}`, () => {
    let listening: Listening<FakeProvider>
    let running: RunningApp
    let fake: FakeProvider
    const app: App = (request) => running.app(request)

    beforeAll(async () => {
      listening = await listeningFake({ rotation: 'strict' })
      fake = listening.served
      running = await start(environment(fake.issuer))
    }, 300_000)

    afterAll(async () => {
      await running?.stop()
      await listening?.close()
    })

    test('a visitor connects, and the page calls the API for them A-12', async () => {
      const { answer } = await connect(app, fake)
      expect(answer.status).toBe(200)
      expect(await answer.text()).toContain('octocat')
    })

    test('a callback that arrives as a form of another site is taken [G2]', async () => {
      const jar = cookieJar()
      const answer = await walkDance(app, fake, `${origin}/login/post?returnTo=/`, jar)
      expect(answer.status).toBe(200)
      expect(jar.get('__Host-dance.post')).toBeDefined()
    })

    test('a refreshed token reaches the browser, beside the cookies of the app [G8]', async () => {
      const { jar } = await connect(app, fake)
      for (const _time of ['first', 'again, with what came of the first']) {
        const before = jar.get(tokenCookie)
        fake.dropAccessTokens()
        for (const own of ['seen', 'theme']) jar.delete(own)
        const sent = fake.tokenRequests.length
        const answer = await jar.send(app, `${origin}/`)
        expect(await answer.text()).toContain('octocat')
        expect(fake.tokenRequests.length).toBe(sent + 1)
        expect(jar.get(tokenCookie)).not.toBe(before)
        expect([jar.get('seen'), jar.get('theme')]).toEqual(['1', 'dark'])
        expect(answer.headers.get('cache-control')).toContain('no-store')
        expect(answer.headers.get('cache-control')).not.toContain('public')
        expect(answer.headers.get('cdn-cache-control')).toBeNull()
      }
    })

    test('a token refreshed before more is needed reaches the browser on the way to the login [G8]', async () => {
      for (const mode of ['navigate', 'cors']) {
        const headers = { 'sec-fetch-mode': mode, 'sec-fetch-site': 'same-origin' }
        const answer = await needMore(app, fake, new Request(`${origin}/`, { headers }))
        expect([mode, answer.status]).toEqual([mode, mode === 'cors' ? 403 : 302])
        expect(answer.headers.get('cache-control')).toContain('no-store')
        expect(answer.headers.get('cache-control')).not.toContain('public')
      }
    })

    test('a page that wants a connection leads a visitor to the login, and back to itself', async () => {
      const answer = await cookieJar().send(app, `${origin}/?page=2`)
      expect(answer.status).toBe(302)
      expect(answer.headers.get('location')).toBe('/login/github?returnTo=%2F%3Fpage%3D2')
      expect(answer.headers.get('cache-control')).toBe('no-store')
    })

    test('a script is told instead where the login is', async () => {
      const headers = { accept: '*/*', 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' }
      const answer = await cookieJar().send(app, new Request(`${origin}/`, { headers }))
      expect(answer.status).toBe(401)
      expect(await answer.json()).toEqual({
        error: 'login_required',
        loginUrl: '/login/github?returnTo=%2F',
      })
    })

    test('the form that disconnects is read, and ends the connection [G12]', async () => {
      const { jar } = await connect(app, fake)
      const body = new URLSearchParams({ returnTo: '/bye' })
      const answer = await jar.send(app, `${origin}/login/github/logout`, { method: 'POST', body })
      expect(answer.status).toBe(303)
      expect(answer.headers.get('location')).toBe('/bye')
      expect(jar.get(tokenCookie)).toBeUndefined()
    })

    test('another site cannot disconnect anybody [G12]', async () => {
      const { jar } = await connect(app, fake)
      const url = `${origin}/login/github/logout`
      const headers = { origin: 'https://evil.test' }
      const answer = await jar.send(app, url, { method: 'POST', site: 'cross-site', headers })
      expect(answer.status).toBe(403)
      expect((await jar.send(app, `${origin}/`)).status).toBe(200)
    })

    test('a form of the app reaches the app unread', async () => {
      const body = new URLSearchParams({ note: 'hello' })
      const answer = await cookieJar().send(app, `${origin}/echo`, { method: 'POST', body })
      expect(await answer.text()).toBe('note=hello')
    })

    test("no method of the dance's routes is left to the framework [G1]", async () => {
      const headers = { origin, 'sec-fetch-site': 'same-origin' }
      for (const method of ['PUT', 'DELETE', 'HEAD']) {
        const answer = await app(new Request(`${origin}/login/github`, { method, headers }))
        expect([method, answer.status]).toEqual([method, 405])
        expect(answer.headers.get('cache-control')).toBe('no-store')
      }
    })

    test('a login that fails ends on the page of the dance, not on one of the framework [G1]', async () => {
      const url = `${origin}/login/github/callback?code=x&state=y`
      const answer = await cookieJar().send(app, url)
      expect(answer.status).toBe(400)
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(await answer.text()).toContain('/login/github')
    })

    more(
      app,
      () => fake,
      () => running.port ?? 0,
    )
  })
}

/** As {@link walkRecipe}, and bodies stream through the app: for one that listens at a port. */
export function walkServer(
  name: string,
  start: (env: Record<string, string>) => Promise<RunningApp>,
  more: (app: App, fake: () => FakeProvider) => void = () => {},
): void {
  walkRecipe(name, start, (app, fake, port) => {
    test('a body streams through the app, in and out', async () => {
      const body = openEcho(port())
      expect(await body.exchange('first')).toBe('first') // it is answered before it has ended
      expect(await body.exchange('second')).toBe('second')
      await body.end()
    })

    more(app, fake)
  })
}

/**
 * Sends a request of somebody who is connected, whose token is refreshed and then turns out to lack a scope. Expects that
 * the refreshed token comes back with the answer.
 */
export async function needMore(
  app: App,
  fake: FakeProvider,
  request: string | Request,
): Promise<Response> {
  const { jar } = await connect(app, fake)
  const before = jar.get(tokenCookie)
  fake.dropAccessTokens() // the first call costs a refresh
  const headers = { 'www-authenticate': 'Bearer error="insufficient_scope", scope="repo"' }
  fake.fault({ endpoint: '/api/user', skip: 1, status: 403, headers })
  const answer = await jar.send(app, request)
  expect(jar.get(tokenCookie)).toBeDefined()
  expect(jar.get(tokenCookie)).not.toBe(before)
  expect((await jar.send(app, `${origin}/`)).status).toBe(200)
  return answer
}

async function connect(
  app: App,
  fake: FakeProvider,
): Promise<{ jar: CookieJar; answer: Response }> {
  const jar = cookieJar()
  return { answer: await walkDance(app, fake, `${origin}/`, jar), jar }
}
