import { fakeProvider } from '@fetch-dance/testing'
import type { DanceError } from 'fetch-dance'
import { describe, expect, test } from 'vitest'
import { canariesOf, expectEnvelope } from './support/envelope.ts'
import { kit, origin } from './support/kit.ts'
import { answerOf, beginLogin, login } from './support/login.ts'

const denying = () => fakeProvider({ consent: 'deny' })

describe('onError', () => {
  test('is asked after the error event, knows where it happened, and may answer A-13', async () => {
    const said: unknown[] = []
    const onError = (error: DanceError, { request, ...rest }: { request: Request }) => {
      said.push(error.code, new URL(request.url).search, rest)
      return new Response(`sorry: ${error.code}`, { status: 418 })
    }
    const on = {
      error: ({ error }: { error: DanceError }) => void said.push(`event ${error.code}`),
    }
    const actors = kit({ onError, on }, denying())
    const answer = await login(actors)
    expect(answer.status).toBe(418)
    expect(await answer.text()).toBe('sorry: access_denied')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    const where = { phase: 'callback', provider: 'fake' }
    const search = expect.not.stringContaining('state')
    expect(said).toEqual(['event access_denied', 'access_denied', search, where])
  })

  test('is asked about every failure, of every route', async () => {
    const said: string[] = []
    const onError = ({ code, phase }: DanceError) => void said.push(`${phase} ${code}`)
    const { dance, jar } = kit({ onError })
    for (const [path, method] of [
      ['/nothing', 'GET'],
      ['/login/fake?scopes=x', 'GET'],
      ['/login/fake', 'PUT'],
      ['/login/fake/callback', 'GET'],
      ['/login/connections', 'GET'],
    ] as const) {
      await expectEnvelope(await jar.send(dance.handle, origin + path, { method }))
    }
    const site = 'cross-site'
    await jar.send(dance.handle, `${origin}/login/fake/logout`, { method: 'POST', site })
    expect(said).toEqual([
      'route not_found',
      'login scope_not_allowed',
      'login method_not_allowed',
      'callback state_missing',
      'connections cross_origin',
      'logout cross_origin',
    ])
  })

  test('that answers nothing, throws or answers something else leaves the page', async () => {
    const answers = [
      () => undefined,
      async () => {},
      () => 'sorry',
      () => Promise.reject(new Error()),
    ]
    const thrower = () => {
      throw new Error('oh')
    }
    for (const onError of [...answers, thrower]) {
      const { dance, jar } = kit({ onError })
      const answer = await jar.send(dance.handle, `${origin}/login/nobody`)
      expect(await expectEnvelope(answer)).toContain('<h1>')
      expect(answer.status).toBe(404)
    }
  })

  test('whose answer cannot be sent still leaves one, asked once [G1]', async () => {
    for (const unfit of [Response.error(), new Response('read')]) {
      await unfit.text()
      let asked = 0
      const onError = () => {
        asked += 1
        return unfit
      }
      const { dance, jar } = kit({ onError })
      const answer = await jar.send(dance.handle, `${origin}/login/nobody`)
      await expectEnvelope(answer)
      expect([answer.status, asked]).toEqual([500, 1])
    }
  })

  test('beats redirects.error', async () => {
    const onError = () => new Response('mine')
    const actors = kit({ onError, redirects: { error: '/oops' } }, denying())
    expect(await (await login(actors)).text()).toBe('mine')
  })
})

describe('redirects.error', () => {
  test('is where a failed login ends, with a fixed code and the provider F-09 A-16', async () => {
    for (const [error, expected] of [
      ['/oops', '/oops?error=access_denied&provider=fake'],
      ['/oops?a=b', '/oops?a=b&error=access_denied&provider=fake'],
      ['/oops#top', '/oops?error=access_denied&provider=fake#top'],
      ['https://www.app.test/x', 'https://www.app.test/x?error=access_denied&provider=fake'],
    ]) {
      const actors = kit({ redirects: { error } }, denying())
      const answer = await login(actors)
      await expectEnvelope(answer, canariesOf(actors))
      expect(answer.status).toBe(303)
      expect(answer.headers.get('location')).toBe(expected)
      expect(actors.errors.length).toBe(1)
      expect(actors.jar.cookies()).toEqual([])
    }
  })

  test('is not where a stranger’s answer leads: the page says so F-08 S1', async () => {
    const actors = kit({ redirects: { error: '/oops' } })
    for (const query of ['error=access_denied', 'error=access_denied&state=x', 'code=a&state=x']) {
      const url = `${origin}/login/fake/callback?${query}`
      const answer = await actors.jar.send(actors.dance.handle, url, { site: 'cross-site' })
      await expectEnvelope(answer)
      expect(answer.status).toBe(400)
      expect(actors.errors.at(-1)?.code).toMatch(/^(state_missing|flow_missing)$/)
    }
  })

  test('is not where a script is sent: it is told in JSON', async () => {
    const actors = kit({ redirects: { error: '/oops' } }, denying())
    const callback = await answerOf(actors, await beginLogin(actors))
    const headers = { accept: 'application/json' }
    const answer = await actors.jar.send(actors.dance.handle, callback, { headers })
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ error: 'access_denied' })
  })
})

describe('the logger', () => {
  test('is told of every failure, with its code and no secret NX-20 [G11]', async () => {
    const lines: unknown[][] = []
    const actors = kit({ logger: { log: (...parts: unknown[]) => void lines.push(parts) } })
    actors.fake.fault({ endpoint: 'token', status: 500, body: 'a page of the provider' })
    await login(actors)
    await actors.jar.send(actors.dance.handle, `${origin}/login/nobody`)
    expect(lines).toEqual([
      [
        'error',
        expect.any(String),
        { code: 'provider_unavailable', phase: 'callback', provider: 'fake' },
      ],
      ['warn', expect.any(String), { code: 'not_found', phase: 'route' }],
    ])
    const text = JSON.stringify(lines)
    for (const canary of canariesOf(actors)) expect(text).not.toContain(canary)
    expect(text).not.toContain('a page of the provider')
  })

  test('that throws or rejects breaks nothing, and the listeners are told all the same [G1]', async () => {
    const throwing = () => {
      throw new Error('the disk is full')
    }
    const rejecting = () => Promise.reject(new Error('the network is down'))
    for (const log of [throwing, rejecting]) {
      const actors = kit({ logger: { log }, on: { stored: throwing } })
      expect((await login(actors)).status).toBe(303)
      const answer = await actors.jar.send(actors.dance.handle, `${origin}/login/nobody`)
      await expectEnvelope(answer)
      expect(answer.status).toBe(404)
      expect(actors.errors.map(({ code }) => code)).toEqual(['handler_failed', 'not_found'])
    }
  })
})
