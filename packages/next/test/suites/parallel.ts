import { describe, expect, test } from 'vitest'
import { origin, type Scene } from '../support/scene.ts'

const many = 20

/** The rows of the table: where tokens are, which page asks, how many refreshes are sent, what the pages show. */
const rows = [
  ['in a storage', 'storage', '/bare/storage', 1, 'octocat'],
  ['in cookies, behind proxy.ts', 'cookies', '/proxied/cookies', 1, 'octocat'],
  ['in cookies, behind nothing', 'cookies', '/bare/cookies', 0, 'cannot_persist'],
] as const

export function tellParallel(scene: () => Scene): void {
  describe(`${many} renders at once with a token that has ended`, () => {
    for (const [where, kind, path, refreshes, shown] of rows) {
      test(`lose no token and burn none: ${where} [G8] [G9]`, async () => {
        const { app, fake, connected } = scene()
        const jar = await connected(kind, { stale: true })
        const before = { sent: fake.tokenRequests.length, grants: fake.grants }
        const pages = await Promise.all(
          Array.from({ length: many }, async () => (await jar.send(app, origin + path)).text()),
        )
        expect(pages.filter((page) => page.includes(shown)).length).toBe(many)
        expect(fake.tokenRequests.length - before.sent).toBe(refreshes)
        // a refresh token sent twice would have ended the grant
        expect(fake.grants).toBe(before.grants)
        const later = await jar.send(
          app,
          `${origin}${path.replace('bare/cookies', 'proxied/cookies')}`,
        )
        expect(await later.text()).toContain('octocat')
        expect(fake.tokenRequests.length - before.sent).toBe(1)
      })
    }
  })
}
