import { cookieJar, walkDance } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { press, pressWithScripts } from '../support/forms.ts'
import { origin, type Scene } from '../support/scene.ts'

const ways = { 'a form': press, scripts: pressWithScripts }

export function tellActions(scene: () => Scene): void {
  for (const [way, push] of Object.entries(ways)) {
    describe(`danceAction() behind ${way}`, () => {
      test('disconnects, and the page rendered after it shows it A-08', async () => {
        const { app, fake, connected } = scene()
        const jar = await connected('cookies')
        const revoked = fake.requests.revoke.length
        const page = await push(app, jar, '/bare-actions', 'disconnect')
        expect(await page.text()).toContain('status: none')
        expect(fake.requests.revoke.length).toBe(revoked + 1)
        expect(jar.cookies()).toEqual([])
      })

      test('forgets, and revokes nothing A-07', async () => {
        const { app, fake, connected } = scene()
        const jar = await connected('cookies')
        const revoked = fake.requests.revoke.length
        const page = await push(app, jar, '/bare-actions', 'forget')
        expect(await page.text()).toContain('status: none')
        expect(fake.requests.revoke.length).toBe(revoked)
        expect(jar.cookies()).toEqual([])
      })

      test('refreshes once, and both the page after it and the browser have the new token [G8]', async () => {
        const { app, fake, connected } = scene()
        const jar = await connected('cookies', { stale: true })
        const sent = fake.tokenRequests.length
        const page = await push(app, jar, '/bare-actions', 'refresh')
        expect(await page.text()).toContain('status: ok')
        expect(await (await jar.send(app, `${origin}/bare/cookies`)).text()).toContain('octocat')
        expect(fake.tokenRequests.length).toBe(sent + 1)
      })

      test('saves what it refreshed although it fails afterwards [G8]', async () => {
        const { app, connected } = scene()
        const jar = await connected('cookies', { stale: true })
        expect((await push(app, jar, '/bare-actions', 'refreshInVain')).status).toBe(500)
        expect(await (await jar.send(app, `${origin}/bare/cookies`)).text()).toContain('octocat')
      })

      test("leaves the app's own cookies as they are", async () => {
        const { app, connected } = scene()
        const jar = await connected('cookies')
        const answer = new Response(null, { headers: { 'set-cookie': 'app=a%20b=c+/; Path=/' } })
        jar.store(answer, origin)
        const page = await push(app, jar, '/bare-actions', 'disconnect')
        expect(await page.text()).toContain('status: none, app: a b=c+/')
        expect(jar.header()).toBe('app=a%20b=c+/')
      })

      test('is no way to write for a component [G8]', async () => {
        const { app, fake, connected } = scene()
        const jar = await connected('cookies', { stale: true })
        const sent = fake.tokenRequests.length
        const page = await jar.send(app, `${origin}/bare-mistake`)
        expect(await page.text()).toContain('cannot_persist')
        expect(fake.tokenRequests.length).toBe(sent)
      })
    })
  }

  test('danceAction() sends a visitor without a connection to log in, and back', async () => {
    const { app, fake } = scene()
    const jar = cookieJar()
    const login = '/cookies/fake?returnTo=%2Factions'
    const answer = await press(app, jar, '/bare-actions', 'requireConnection')
    expect([answer.status, answer.headers.get('location')]).toEqual([303, login])
    const scripted = await pressWithScripts(app, jar, '/bare-actions', 'requireConnection')
    expect(scripted.headers.get('x-action-redirect')).toBe(`${login};push`)
    // Next has looked for the page already: no flow was started for that
    expect(jar.cookies()).toEqual([])
    const page = await walkDance(app, fake, origin + login, jar)
    expect(await page.text()).toContain('status: ok')
  })
}
