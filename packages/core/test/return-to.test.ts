import { describe, expect, test } from 'vitest'
import { expectEnvelope } from './support/envelope.ts'
import { kit, origin } from './support/kit.ts'
import { login } from './support/login.ts'

/** Values that some parser reads as another origin, or as no place at all. */
const hostile: Record<string, readonly string[]> = {
  'slashes and backslashes F-30': [
    '//evil.test',
    '///evil.test',
    '/\\evil.test',
    '\\\\evil.test',
    '\\/evil.test',
    '/\\/evil.test',
    '//evil.test/%2e%2e',
  ],
  'controls and blanks F-31': [
    '/\t/evil.test',
    '/%09/evil.test',
    '/\n/evil.test',
    '/%0a/evil.test',
    '/%0d%0aset-cookie:a=b',
    ' /evil.test',
    '\u0000/evil.test',
    '\u0001//evil.test',
    '\t//evil.test',
    '/\r/evil.test',
    '/%00',
    '/\u007f',
  ],
  'dots that resolve to two slashes F-32': [
    '/.//evil.test',
    '/..//evil.test',
    '/a/..//evil.test',
    '/%2e//evil.test',
    '/%2e%2e//evil.test',
    '/a/%2E%2E//evil.test',
    '/././/evil.test',
  ],
  'other schemes F-33': [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    `blob:${origin}/x`,
    `filesystem:${origin}/temporary/x`,
    `view-source:${origin}/`,
    'about:blank',
  ],
  'hosts that look like ours F-34': [
    'https://app.test@evil.test/',
    '//evil.test:443@app.test/',
    'https://app.test.evil.test/',
    'https://app.test%00.evil.test/',
    'https://app.testevil.test/',
    'https:evil.test',
    'https:/evil.test',
    'http:///evil.test',
    'http://app.test/',
    'https://app.test:444/',
    'https://app.test\\@evil.test/',
    'https://user@app.test/',
    'evil.test',
    '?a=b',
    '#a',
    '',
  ],
  'encoded slashes and fullwidth ones F-35 GHSA-7rqj-j65f-68wh': [
    '／／evil.test',
    '/%5cevil.test',
    '/%5Cevil.test',
    '/%2fevil.test',
    '/%2F%2Fevil.test',
    '\uff0f\uff0fevil.test',
    '/%ff',
    '/%',
    '/%zz',
  ],
}

describe('a hostile returnTo leads to /', () => {
  for (const [kind, values] of Object.entries(hostile)) {
    test(`${kind} NX-16 S1 CVE-2022-31093 [G6]`, async () => {
      for (const value of values) {
        const actors = kit()
        const query = `returnTo=${encodeURIComponent(value)}`
        const answer = await login(actors, `/login/fake?${query}`)
        await expectEnvelope(answer)
        expect([value, answer.headers.get('location')]).toEqual([value, '/'])
      }
    })
  }

  test('the same at logout and loginUrl() NX-16 [G6]', async () => {
    for (const value of Object.values(hostile).flat()) {
      const { dance, jar } = kit()
      const body = new URLSearchParams({ returnTo: value })
      const logout = await jar.send(dance.handle, `${origin}/login/fake/logout`, {
        method: 'POST',
        body,
      })
      expect([value, logout.status, logout.headers.get('location')]).toEqual([value, 303, '/'])
      const connection = await dance.visit(new Request(`${origin}/page`)).connection('fake')
      const url = new URL(connection.loginUrl({ returnTo: value }), origin)
      expect([value, url.searchParams.get('returnTo') ?? '/']).toEqual([value, '/'])
    }
  })
})

describe('a returnTo within the app', () => {
  const kept: Record<string, string> = {
    '/inbox?page=2&sort=a%20b#top': '/inbox?page=2&sort=a%20b#top',
    '/a/../b/./c': '/b/c',
    '/%252f%252fevil.test': '/%252f%252fevil.test', // decoded once, never twice
    '/grüße': '/gr%C3%BC%C3%9Fe',
    '/／／evil.test': '/%EF%BC%8F%EF%BC%8Fevil.test',
    '/a%E3%80%82b': '/a%E3%80%82b',
    '/@evil.test': '/@evil.test',
    '/a//b': '/a//b',
    '/?next=https://evil.test/': '/?next=https://evil.test/',
    [`${origin}/home`]: '/home',
  }

  test('comes back normalised, and as it was F-35 A-11 [G6]', async () => {
    for (const [value, expected] of Object.entries(kept)) {
      const answer = await login(kit(), `/login/fake?returnTo=${encodeURIComponent(value)}`)
      expect(answer.status).toBe(303)
      expect(answer.headers.get('location')).toBe(expected)
    }
  })

  test('is taken once when it stands twice, never joined F-37 [G6]', async () => {
    const answer = await login(kit(), '/login/fake?returnTo=/a&returnTo=//evil.test')
    expect(answer.headers.get('location')).toBe('/a')
    const other = await login(kit(), '/login/fake?returnTo[]=/a&returnTo=/b')
    expect(other.headers.get('location')).toBe('/b')
  })

  test('never is one of the own routes, where it would go round F-38 [G6]', async () => {
    for (const route of ['/login/fake', '/login/fake/callback?code=1', '/login/fake/logout']) {
      const answer = await login(kit(), `/login/fake?returnTo=${encodeURIComponent(route)}`)
      expect(answer.headers.get('location')).toBe('/')
    }
  })

  test('beats redirects.success, which is emitted as given otherwise', async () => {
    const redirects = { success: 'https://www.app.test/welcome?a=b' }
    const asked = await login(kit({ redirects }), '/login/fake?returnTo=/inbox')
    expect(asked.headers.get('location')).toBe('/inbox')
    const silent = await login(kit({ redirects }))
    expect(silent.headers.get('location')).toBe(redirects.success)
  })
})
