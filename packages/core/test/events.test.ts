import { fakeProvider } from '@fetch-dance/testing'
import type { DanceError } from 'fetch-dance'
import { describe, expect, test } from 'vitest'
import { dump } from './support/dump.ts'
import { canariesOf, expectClean, expectEnvelope } from './support/envelope.ts'
import { type Kit, kit, origin } from './support/kit.ts'
import { login } from './support/login.ts'

function twoProviders(options: object = {}): Kit {
  const fake = fakeProvider()
  return kit({ providers: { fake: fake.provider(), other: fake.provider() }, ...options }, fake)
}

const logout = ({ dance, jar }: Kit, path = '/login/fake/logout') =>
  jar.send(dance.handle, origin + path, { method: 'POST' })

describe('handlers', () => {
  test('run in order, those of the option first A-14', async () => {
    const said: string[] = []
    const say = (text: string) => async () => {
      await new Promise((resolve) => setTimeout(resolve, text === 'option' ? 20 : 0))
      said.push(text)
    }
    const actors = kit({ on: { stored: say('option') } })
    actors.dance.events.on('stored', say('first'))
    actors.dance.events.on('stored', say('second'))
    await login(actors)
    expect(said).toEqual(['option', 'first', 'second'])
  })

  test('hear one provider only, if they say so', async () => {
    const actors = twoProviders()
    const heard: string[] = []
    const { on } = actors.dance.events
    on('stored', ({ provider }) => void heard.push(`all ${String(provider)}`))
    on('stored', ({ provider }) => void heard.push(`other ${String(provider)}`), {
      provider: 'other',
    })
    await login(actors)
    await login(actors, '/login/other')
    expect(heard).toEqual(['all fake', 'all other', 'other other'])
  })

  test('hear nothing any more when they have left, and leaving twice takes nobody else along', async () => {
    const actors = kit()
    const heard: string[] = []
    const handler = () => void heard.push('x')
    const leave = actors.dance.events.on('stored', handler)
    actors.dance.events.on('stored', handler)
    await login(actors)
    leave()
    leave()
    await login(actors)
    expect(heard).toEqual(['x', 'x', 'x'])
  })

  test('may leave while they are told, and the next one is told all the same', async () => {
    const actors = kit()
    const heard: string[] = []
    const leave = actors.dance.events.on('stored', () => {
      heard.push('once')
      leave()
    })
    actors.dance.events.on('stored', () => void heard.push('always'))
    await login(actors)
    await login(actors)
    expect(heard).toEqual(['once', 'always', 'always'])
  })

  test('add headers and cookies to the library’s own answer, several of them A-14', async () => {
    const actors = kit()
    const { events } = actors.dance
    events.on('stored', ({ headers }) => headers.append('set-cookie', 'flash=hi; Path=/'))
    events.on('stored', ({ headers }) => headers.append('set-cookie', 'seen=1; Path=/'))
    events.on('authorized', ({ headers }) => headers.set('x-greeting', 'welcome'))
    events.on('authorized', ({ headers }) => headers.set('cache-control', 'public'))
    const answer = await login(actors, '/login/fake?returnTo=/inbox')
    await expectEnvelope(answer)
    expect(answer.headers.get('location')).toBe('/inbox')
    expect(answer.headers.get('x-greeting')).toBe('welcome')
    expect(actors.jar.cookies().map(({ name }) => name)).toEqual(
      expect.arrayContaining(['__Host-dance.fake', 'flash', 'seen']),
    )
    // once: not to the next visitor's answer
    expect((await logout(actors)).headers.get('x-greeting')).toBe(null)
  })
})

describe('what an event brings', () => {
  test('of a login and its end, in order', async () => {
    const actors = twoProviders()
    await login(actors)
    await logout(actors)
    await logout(actors)
    expect(actors.events).toEqual(['beforeLogin', 'authorized', 'stored', 'disconnected'])
    expect(actors.errors).toEqual([])
  })

  test('authorized: scopes, the connection and the profile, asked for once NX-07', async () => {
    const fake = fakeProvider({ granted: ['user'] })
    const providers = { fake: fake.provider({ scopes: ['user', 'repo'] }) }
    const actors = kit({ providers }, fake)
    const seen: unknown[] = []
    actors.dance.events.on('authorized', async ({ profile, scopes, connection, provider }) => {
      seen.push(provider, scopes, connection.status, (await profile()).id, (await profile()).raw)
    })
    await login(actors)
    expect(seen).toMatchObject([
      'fake',
      { requested: ['user', 'repo'], granted: ['user'], missing: ['repo'] },
      'ok',
      '583231',
      { login: 'octocat' },
    ])
    expect(fake.requests.api.length).toBe(1)
  })

  test('disconnected: whose it was and what came of it at the provider A-08', async () => {
    const seen: object[] = []
    const on = {
      disconnected: (event: object) => {
        const { owner, account, remote } = event as Record<string, unknown> // its members are checked below
        seen.push({ owner, account, remote })
      },
    }
    const actors = kit({ on })
    await login(actors)
    await logout(actors)
    expect(seen).toEqual([{ owner: null, account: null, remote: 'revoked' }])
  })

  test('the request without code, state and the dance’s cookies; no secret is in it anywhere A-10 A-13 [G11]', async () => {
    const texts: string[] = []
    const requests: Request[] = []
    const listen = (payload: { request?: Request }) => {
      texts.push(dump(payload))
      if (payload.request) requests.push(payload.request)
    }
    const names = ['beforeLogin', 'authorized', 'stored', 'refreshed', 'needsLogin', 'error']
    const actors = kit({
      on: Object.fromEntries(names.map((name) => [name, listen])),
      onError: (error: DanceError, context: { request: Request }) => {
        texts.push(dump(error))
        requests.push(context.request)
      },
    })
    const { jar, dance, fake } = actors
    await jar.send(() => new Response(null, { headers: { 'set-cookie': 'theme=dark' } }), origin)
    await login(actors)
    fake.fault({ endpoint: 'token', status: 400 })
    await login(actors)
    await jar.send(dance.handle, `${origin}/login/fake/callback?code=SECRET1&state=SECRET2`)
    expect(texts.length).toBeGreaterThan(6)
    const canaries = canariesOf({ fake, jar }).filter((value) => value !== 'dark')
    expectClean(texts.join('\n'), [...canaries, 'SECRET1', 'SECRET2'])
    for (const request of requests) {
      const { searchParams } = new URL(request.url)
      expect([...searchParams.keys()]).not.toContain('code')
      expect([...searchParams.keys()]).not.toContain('state')
      expect(request.headers.get('cookie')).toBe('theme=dark')
      expect(request.body).toBe(null)
    }
    const cookies: (string | null)[] = []
    const see = ({ request }: { request: Request }) =>
      void cookies.push(request.headers.get('cookie'))
    await login(kit({ on: { stored: see } }))
    expect(cookies).toEqual([null])
  })
})
