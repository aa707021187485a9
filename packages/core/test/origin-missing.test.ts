import { describe, expect, test } from 'vitest'
import { expectEnvelope } from './support/envelope.ts'
import { kit, origin } from './support/kit.ts'
import { beginLogin, login } from './support/login.ts'

describe('without a configured origin', () => {
  test('loopback just works, with http and https NX-24 [G7]', async () => {
    for (const base of [
      'http://localhost:3000',
      'http://127.0.0.1:5173',
      'http://[::1]:8787',
      'https://localhost:3000',
    ]) {
      const actors = kit({ origin: undefined })
      const { url } = await beginLogin(actors, '/login/fake', base)
      expect(url.searchParams.get('redirect_uri')).toBe(`${base}/login/fake/callback`)
      expect((await login(actors, '/login/fake', base)).status).toBe(303)
      const prefixed = actors.jar.cookies().every(({ name }) => name.startsWith('__Host-'))
      expect(prefixed).toBe(base.startsWith('https:'))
    }
  })

  test('any other host is 500 origin_missing at login, with a page that names the option NX-24 F-49', async () => {
    for (const base of [
      'http://app.test',
      'https://app.test',
      'http://localhost.evil.test',
      'http://127.0.0.1.evil.test',
      'http://127.0.0.2',
      'http://192.168.0.1:3000',
      'http://0.0.0.0:3000',
    ]) {
      const actors = kit({ origin: undefined })
      const answer = await actors.jar.send(actors.dance.handle, `${base}/login/fake`)
      const page = await expectEnvelope(answer)
      expect([base, answer.status]).toEqual([base, 500])
      expect(actors.errors.map(({ code }) => code)).toEqual(['origin_missing'])
      expect(page).toContain('origin')
      expect(page).toContain('DANCE_ORIGIN')
      expect(actors.jar.cookies()).toEqual([])
    }
  })

  test('no header makes a host loopback F-39 F-40', async () => {
    const { dance, jar } = kit({ origin: undefined, trustProxy: true })
    const headers = { host: 'localhost', 'x-forwarded-host': 'localhost', forwarded: 'host=[::1]' }
    const answer = await jar.send(dance.handle, `${origin}/login/fake`, { headers })
    expect(answer.status).toBe(500)
  })

  test('visit.connection() rejects with origin_missing, and only with that', async () => {
    const { dance } = kit({ origin: undefined })
    const visit = dance.visit(new Request(`${origin}/`))
    await expect(visit.connection('fake')).rejects.toMatchObject({ code: 'origin_missing' })
  })
})

describe('an origin that cannot be one fails in createDance', () => {
  const wrong = [
    'app.test',
    'http://app.test',
    'http://192.168.0.1',
    'https://app.test/path',
    'https://user@app.test',
    'https://user:password@app.test',
    'http://localhost:80@evil.test',
    'https://app.test?a=b',
    'https://app.test#a',
    'ftp://app.test',
    'javascript:alert(1)',
    'null',
    'https://*.app.test',
    'https://app-*.test',
    'https://*-app.test',
    'https://app.*.test',
    'https://a*b*c.app.test',
    'http://a*b.app.test',
    '*',
  ]

  test('as the option, alone and in a list, and as DANCE_ORIGIN F-49 NX-24', () => {
    for (const one of wrong) {
      const named = { code: 'option_invalid', message: expect.stringContaining('"origin') }
      expect(failure({ origin: one })).toMatchObject(named)
      expect(failure({ origin: [origin, one] })).toMatchObject(named)
      expect(failure({ origin: undefined, env: { DANCE_ORIGIN: one } })).toMatchObject({
        code: 'option_invalid',
        message: expect.stringContaining('DANCE_ORIGIN'),
      })
    }
  })

  test('one with a slash at its end is the same as without', async () => {
    const actors = kit({ origin: `${origin}/` })
    const { url } = await beginLogin(actors)
    expect(url.searchParams.get('redirect_uri')).toBe(`${origin}/login/fake/callback`)
  })
})

function failure(options: object): unknown {
  try {
    return kit(options)
  } catch (error) {
    return error
  }
}
