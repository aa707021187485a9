import { memoryStorage } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { kit, origin } from './support/kit.ts'
import { login } from './support/login.ts'
import { oidcFake } from './support/oidc-fake.ts'

for (const [where, keeping] of [
  ['in cookies', () => ({})],
  ['in a storage', () => ({ storage: memoryStorage() })],
] as const) {
  test(`an account that was asked for is that one or none, ${where} A-06`, async () => {
    const fake = oidcFake({ revocation: true })
    const actors = kit({ providers: { fake: fake.provider() }, ...keeping() }, fake)
    await login(actors)
    const other = 'https://fake.test|somebody-else'
    const app = actors.dance.wrap(async (_request, visit) => {
      const held = await visit.connection('fake')
      const same = await visit.connection('fake', { account: held.account ?? '' })
      const none = await visit.connection('fake', { account: other })
      expect([held.status, same.status, same.account]).toEqual(['ok', 'ok', held.account])
      expect([none.status, none.account, none.scopes]).toEqual(['none', null, []])
      expect(await none.disconnect()).toEqual({ remote: 'skipped' })
      await visit.require('fake', { account: other })
      return new Response('not reached')
    })
    const answer = await actors.jar.send(app, `${origin}/`)
    expect([answer.status, answer.headers.get('location')?.split('?')[0]]).toEqual([
      302,
      '/login/fake',
    ])

    const headers = { accept: 'application/json' }
    const logout = (account: string) =>
      actors.jar.send(actors.dance.handle, `${origin}/login/fake/logout`, {
        method: 'POST',
        headers,
        body: new URLSearchParams({ account }),
      })
    expect(await (await logout(other)).json()).toEqual({ remote: 'skipped' })
    expect(actors.jar.get('__Host-dance.fake')).toBeDefined()
    expect(actors.events).not.toContain('disconnected')
    expect(await (await logout('')).json()).toEqual({ remote: 'revoked' })
  })
}
