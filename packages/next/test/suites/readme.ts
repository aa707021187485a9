import { cookieJar, walkDance } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { readGuide } from '../support/guide.ts'
import type { Scene } from '../support/scene.ts'

export function tellReadme(scene: () => Scene): void {
  test('the first app of the README is short', async () => {
    const guide = await readGuide()
    expect([...guide.keys()]).toEqual([
      'dance.ts',
      'app/login/[...dance]/route.ts',
      'app/repos/page.tsx',
    ])
    const lines = [...guide.values()].flatMap((code) => code.trimEnd().split('\n'))
    expect(lines.length).toBeLessThanOrEqual(20)
  })

  test('the first app of the README runs: off to GitHub, back, and the API is called A-03', async () => {
    const { app, github, origin } = { ...scene(), origin: 'http://localhost:3000' }
    const jar = cookieJar()
    const answer = await walkDance(app, github, `${origin}/repos`, jar)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('/user/repos')
    const asked = new URL(github.requests.authorize[0]?.url ?? '').searchParams
    expect(asked.get('redirect_uri')).toBe(`${origin}/login/github/callback`)
    await jar.send(app, `${origin}/repos`)
    expect(github.consents).toBe(1)
  })

  test('the first app of the README runs in the edge runtime', async () => {
    const page = await cookieJar().send(scene().app, 'http://localhost:3000/edge-repos')
    expect(page.headers.get('location')).toBe('/login/github?returnTo=%2Frepos')
  })

  for (const origin of ['http://127.0.0.1:3000', 'http://[::1]:3000', 'https://localhost:3000']) {
    test(`the first app of the README is at home at ${origin} too A-12 [G7]`, async () => {
      const { app, github } = scene()
      // as what ends TLS before it says
      const forwarded = (request: Request) => {
        request.headers.set('x-forwarded-proto', new URL(request.url).protocol.replace(':', ''))
        return app(request)
      }
      const answer = await walkDance(forwarded, github, `${origin}/repos`)
      expect(await answer.text()).toContain('/user/repos')
      const asked = new URL(github.requests.authorize.at(-1)?.url ?? '').searchParams
      expect(asked.get('redirect_uri')).toBe(`${origin}/login/github/callback`)
    })
  }
}
