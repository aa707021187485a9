import { cookieJar, walkDance } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { origin, type Scene } from '../support/scene.ts'

export function tellRoutes(scene: () => Scene): void {
  describe('danceRoutes() and withDance()', () => {
    test('walk the whole dance behind a catch-all route A-12', async () => {
      const { app, fake } = scene()
      const jar = cookieJar()
      const sent = fake.tokenRequests.length
      const answer = await walkDance(app, fake, `${origin}/api/greeting`, jar)
      expect(answer.status).toBe(200)
      expect(await answer.json()).toEqual({ kind: 'greeting', login: 'octocat' })
      expect(fake.tokenRequests.length).toBe(sent + 1)
      // What an event handler left to waitUntil, after the callback was answered.
      await expect
        .poll(() => fake.requests.api.map(({ url }) => url), { timeout: 30_000 })
        .toContain(`${fake.issuer}/api/welcome`)

      const goodbye = await jar.send(app, `${origin}/cookies/fake/logout`, { method: 'POST' })
      expect(goodbye.status).toBe(303)
      const after = await jar.send(app, `${origin}/api/greeting`)
      expect(after.headers.get('location')).toBe('/cookies/fake?returnTo=%2Fapi%2Fgreeting')
    })

    test('walk the whole dance in the edge runtime, and hand a body on A-12', async () => {
      const { app, fake } = scene()
      const jar = cookieJar()
      const answer = await walkDance(app, fake, `${origin}/edge-api`, jar)
      expect(await answer.json()).toBe('octocat')
      const page = await jar.send(app, `${origin}/edge-page`)
      expect(await page.text()).toMatch(/Hello (<!-- -->)?octocat/)
      const posted = await jar.send(app, `${origin}/edge-api`, { method: 'POST', body: 'a=1' })
      expect(await posted.json()).toEqual({ authorized: true, text: 'a=1' })
      const goodbye = await jar.send(app, `${origin}/edge/fake/logout`, { method: 'POST' })
      expect([goodbye.status, jar.cookies()]).toEqual([303, []])
    })

    test('leave no method of their routes to Next', async () => {
      for (const method of ['PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']) {
        const request = new Request(`${origin}/cookies/fake`, { method })
        const answer = await scene().app(request)
        expect([method, answer.status, answer.headers.get('cache-control')]).toEqual([
          method,
          405,
          'no-store',
        ])
      }
    })
  })

  describe('a list of origins', () => {
    for (const kind of ['cookies', 'storage', 'edge']) {
      test(`serves each preview deployment at its own: /${kind} A-12 [G7]`, async () => {
        const { app, fake } = scene()
        const preview = 'https://app-branch-team.preview.test'
        const jar = cookieJar()
        const page = kind === 'edge' ? '/edge-page' : `/bare/${kind}`
        const answer = await walkDance(app, fake, preview + page, jar)
        expect(await answer.text()).toContain('octocat')
        const asked = new URL(fake.requests.authorize.at(-1)?.url ?? '').searchParams
        expect(asked.get('redirect_uri')).toBe(`${preview}/${kind}/fake/callback`)
      })
    }

    test('serves no other host [G7]', async () => {
      for (const host of ['evil.test', 'app-x-team.preview.test.evil.test', 'localhost']) {
        const answer = await scene().app(new Request(`https://${host}/cookies/fake`))
        expect([host, answer.status]).toEqual([host, 400])
        expect(answer.headers.getSetCookie()).toEqual([])
      }
    })
  })
}
