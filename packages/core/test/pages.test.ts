import { fakeProvider } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { expectEnvelope } from './support/envelope.ts'
import { type Kit, kit, origin } from './support/kit.ts'
import { answerOf, beginLogin, login } from './support/login.ts'

const policy = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

/** Failures of every kind a visitor can run into, each with its status. */
const failures: Record<string, { status: number; run(): Promise<Response> }> = {
  not_found: { status: 404, run: () => open(kit(), '/login/nobody') },
  method_not_allowed: { status: 405, run: () => open(kit(), '/login/fake/logout') },
  cross_origin: { status: 403, run: () => open(kit(), '/login/connections') },
  scope_not_allowed: { status: 400, run: () => open(kit(), '/login/fake?scopes=admin') },
  origin_missing: { status: 500, run: () => open(kit({ origin: undefined }), '/login/fake') },
  option_invalid: { status: 500, run: () => open(kit({ secret: undefined }), '/login/fake') },
  login_forbidden: {
    status: 403,
    run: () => open(kit({ authorizeLogin: () => false }), '/login/fake'),
  },
  state_missing: { status: 400, run: () => open(kit(), '/login/fake/callback?code=a') },
  flow_missing: { status: 400, run: () => open(kit(), '/login/fake/callback?code=a&state=b') },
  access_denied: { status: 403, run: () => login(kit({}, fakeProvider({ consent: 'deny' }))) },
  handler_failed: { status: 500, run: () => login(kit({ on: { authorized: fail } })) },
  provider_unavailable: { status: 503, run: () => loginWithFault({ status: 503 }) },
  grant_refused: { status: 400, run: () => loginWithFault({ status: 400 }) },
}

function fail(): never {
  throw new Error('a handler’s own words')
}

function open({ dance, jar }: Kit, path: string, base = origin): Promise<Response> {
  return jar.send(dance.handle, base + path)
}

async function loginWithFault(fault: { status: number }): Promise<Response> {
  const actors = kit()
  actors.fake.fault({ endpoint: 'token', ...fault })
  return login(actors)
}

describe('a page about a failure', () => {
  for (const [code, { status, run }] of Object.entries(failures)) {
    test(`${code}: accessible, without script, style or anything from elsewhere [G1]`, async () => {
      const answer = await run()
      const page = await expectEnvelope(answer)
      expect(answer.status).toBe(status)
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(answer.headers.get('content-security-policy')).toBe(policy)
      expect(page).toMatch(/^<!doctype html>\n<html lang="en">/)
      const [title] = texts(page, 'title')
      expect(title).toMatch(/\w{3}/)
      expect(texts(page, 'h1')).toEqual([title])
      expect(texts(page, 'main').length).toBe(1)
      expect(texts(page, 'p')[0]).toMatch(/\w{3}/)
      expect(page).toContain('name="viewport"')
      expect(page).not.toMatch(/<(script|style|img|iframe|form|link|object)|\son\w+=|https?:/i)
      expect(links(page).length).toBeLessThanOrEqual(1)
    })
  }

  test('says nothing of how it came about in production [G11]', async () => {
    for (const { run } of Object.values(failures)) {
      const page = await (await run()).text()
      expect(page).not.toMatch(/handler|own words|state|verifier|redirect_uri|fake\.test/)
    }
  })

  test('of a login offers to begin it again, to the same place, and nothing restarts by itself NX-04', async () => {
    const actors = kit({}, fakeProvider({ consent: 'deny' }))
    const answer = await login(actors, '/login/fake?returnTo=/inbox')
    const [href = ''] = links(await answer.text())
    const { pathname, searchParams } = new URL(href.replaceAll('&#38;', '&'), origin)
    expect(pathname).toBe('/login/fake')
    expect(searchParams.get('returnTo')).toBe('/inbox')
    expect(answer.headers.get('refresh')).toBe(null)
    expect(actors.fake.requests.authorize.length).toBe(1)
  })

  test('does not say of a provider that answered that it did not', async () => {
    const actors = kit()
    const { state } = await beginLogin(actors)
    const answer = await open(actors, `/login/fake/callback?state=${state}&error=server_error`)
    expect(texts(await answer.text(), 'p')[0]).toMatch(/did not answer as it should/)
  })

  test('where another login would not help there is no link', async () => {
    for (const code of ['not_found', 'cross_origin', 'login_forbidden', 'option_invalid']) {
      const answer = await failures[code]?.run()
      expect([code, links((await answer?.text()) ?? '')]).toEqual([code, []])
    }
  })
})

describe('what a provider or a visitor says is not on the page', () => {
  const hostile = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '\u202egnol',
    'x'.repeat(5000),
    'a\r\nset-cookie: b=c',
  ]

  test('error, error_description and error_uri F-41 A-16', async () => {
    for (const text of hostile) {
      const actors = kit({ redirects: {} })
      const { state } = await beginLogin(actors)
      const query = new URLSearchParams({
        state,
        error: text,
        error_description: text,
        error_uri: 'javascript:alert(1)',
      })
      const answer = await open(actors, `/login/fake/callback?${query}`)
      const page = await expectEnvelope(answer, [text])
      expect(page).not.toContain('javascript:')
      expect(page.length).toBeLessThan(4000)
      const { cause } = actors.errors[0] ?? {}
      expect(JSON.stringify(cause)).toMatch(/^[\x20-\x7e]*$/)
      expect(JSON.stringify(cause).length).toBeLessThan(1700)
    }
  })

  test('nor in a header F-41', async () => {
    const actors = kit({ redirects: { error: '/oops' } })
    const { state } = await beginLogin(actors)
    const query = new URLSearchParams({ state, error: 'a\r\nset-cookie: b=c', error_uri: '//evil' })
    const answer = await open(actors, `/login/fake/callback?${query}`)
    await expectEnvelope(answer)
    expect(answer.headers.get('location')).toBe('/oops?error=provider_error&provider=fake')
    expect(answer.headers.getSetCookie().join()).not.toContain('b=c')
  })

  test('what a link leads back to is escaped', async () => {
    const actors = kit({}, fakeProvider({ consent: 'deny' }))
    const path = '/a?b="><script>alert(1)</script>&c=\'d'
    const answer = await login(actors, `/login/fake?returnTo=${encodeURIComponent(path)}`)
    const page = await answer.text()
    expect(page).not.toMatch(/<script|'d|"><s|&(?!#\d+;)/)
    expect(links(page).length).toBe(1)
  })
})

describe('in development, and there alone', () => {
  const local = 'http://localhost:3000'

  test('the page prints the exact redirect URI to register, and what went wrong', async () => {
    const actors = kit({ origin: undefined }, fakeProvider({ consent: 'deny' }))
    const page = await (await login(actors, '/login/fake', local)).text()
    expect(page).toContain(`${local}/login/fake/callback`)
    expect(page).toContain('access_denied')
    expect(links(page).length).toBe(1)
    for (const canary of actors.fake.secrets()) expect(page).not.toContain(canary)
  })

  test('https on loopback and a configured origin are production', async () => {
    const https = kit({ origin: undefined })
    const page = await (await open(https, '/login/nobody', 'https://localhost:3000')).text()
    expect(page).not.toContain('not_found')
    const configured = kit({}, fakeProvider({ consent: 'deny' }))
    await beginLogin(configured)
    const callback = await answerOf(configured, await beginLogin(configured))
    const answer = await open(configured, callback.slice(origin.length), 'http://localhost:3000')
    expect(await answer.text()).not.toContain('access_denied')
  })
})

function texts(page: string, tag: string): string[] {
  return [...page.matchAll(new RegExp(`<${tag}>([^]*?)</${tag}>`, 'g'))].map(
    ([, text = '']) => text,
  )
}

function links(page: string): string[] {
  return [...page.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href = '']) => href)
}
