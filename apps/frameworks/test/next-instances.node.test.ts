import { cookieJar, walkDance } from '@fetch-dance/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openScene, origin, type Scene } from '../../../packages/next/test/support/scene.ts'

const many = 20

// One build: with slashes at the end of its paths, and served by three processes.
let scene: Scene

beforeAll(async () => {
  scene = await openScene({ instances: 3, slashes: true })
})

afterAll(() => scene?.close())

describe('Next with trailingSlash and skipTrailingSlashRedirect', () => {
  for (const path of ['/bare/cookies', '/proxied/cookies/', '/api/greeting/']) {
    test(`walks the whole dance from ${path} A-12`, async () => {
      const answer = await walkDance(scene.app, scene.fake, origin + path, cookieJar())
      expect(answer.status).toBe(200)
      expect(await answer.text()).toContain('octocat')
    })
  }
})

describe(`${many} renders at once in three processes, with a token that has ended`, () => {
  for (const [where, kind, path] of [
    ['in a storage', 'storage', '/bare/storage'],
    ['in a storage, behind proxy.ts', 'storage', '/proxied/storage'],
    ['in cookies with a coordinator, behind proxy.ts', 'coordinated', '/proxied/coordinated'],
  ] as const) {
    test(`lose no token and burn none: ${where} [G8] [G9]`, async () => {
      const { app, others, fake, connected } = scene
      const apps = [app, ...others]
      const jar = await connected(kind, { stale: true })
      const before = { sent: fake.tokenRequests.length, grants: fake.grants }
      const pages = await Promise.all(
        Array.from({ length: many }, async (_, i) => {
          const answer = await jar.send(apps[i % apps.length] ?? app, origin + path)
          return answer.text()
        }),
      )
      expect(pages.filter((page) => page.includes('octocat')).length).toBe(many)
      expect(fake.tokenRequests.length - before.sent).toBe(1)
      // a refresh token sent twice would have ended the grant
      expect(fake.grants).toBe(before.grants)
    })
  }
})
