import { memoryStorage } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { kit, origin, secret } from './support/kit.ts'
import { expectNamed, failure } from './support/options.ts'

const storage = memoryStorage()
const wrong: [path: string, options: object][] = [
  ['providers', { providers: undefined }],
  ['providers', { providers: null }],
  ['providers', { providers: {} }],
  ['env', { env: 'DANCE_SECRET=1' }],
  ['secret', { secret: 7 }],
  ['secret', { secret: [7] }],
  ['secret', { secret: { a: 'b' } }],
  ['origin', { origin: 7 }],
  ['origin', { origin: 'app.test' }],
  ['basePath', { basePath: 'login' }],
  ['basePath', { basePath: '//login' }],
  ['basePath', { basePath: '/a//b' }],
  ['basePath', { basePath: '/a?b' }],
  ['basePath', { basePath: '/a#b' }],
  ['basePath', { basePath: '/a/../b' }],
  ['basePath', { basePath: '/a b' }],
  ['basePath', { basePath: 'https://evil.test/' }],
  ['basePath', { basePath: 7 }],
  ['paths.login', { paths: { login: '/login' } }],
  ['paths.callback', { paths: { callback: '{provider}' } }],
  ['paths.logout', { paths: { logout: '//evil/{provider}' } }],
  ['redirects.success', { redirects: { success: 'home' } }],
  ['redirects.success', { redirects: { success: 'http://app.test/' } }],
  ['redirects.error', { redirects: { error: '//evil.test' } }],
  ['redirects.error', { redirects: { error: 'javascript:alert(1)' } }],
  ['redirects.error', { redirects: { error: '/a\r\nset-cookie: b' } }],
  ['redirects.logout', { redirects: { logout: '/\\evil.test' } }],
  ['trustProxy', { trustProxy: 'yes' }],
  ['cookie.name', { cookie: { name: 'a;b' } }],
  ['cookie.name', { cookie: { name: 'a=b' } }],
  ['cookie.name', { cookie: { name: '' } }],
  ['cookie.name', { cookie: { name: 'ä' } }],
  ['cookie.name', { cookie: { name: 'x'.repeat(200) } }],
  ['cookie.name', { cookie: { name: 'a\r\nb' } }],
  ['cookie.maxAge', { cookie: { maxAge: '1 day' } }],
  ['cookie.maxAge', { cookie: { maxAge: 401 * 24 * 3600 } }],
  ['cookie.maxAge', { cookie: { maxAge: Number.NaN } }],
  ['cookie.maxAge', { cookie: { maxAge: -1 } }],
  ['cookie.partitioned', { cookie: { partitioned: 'x' } }],
  ['allow', { allow: ['https://a'] }],
  ['fetch', { fetch: {} }],
  ['timeout', { timeout: '10s' }],
  ['timeout', { timeout: 0 }],
  ['timeout', { timeout: Number.POSITIVE_INFINITY }],
  ['minValidity', { minValidity: -1 }],
  ['minValidity', { minValidity: '30' }],
  ['onError', { onError: 'page' }],
  ['owner', { owner: '' }],
  ['owner', { owner: 7 }],
  ['storage', { storage: {} }],
  ['storage', { storage: 'memory' }],
  ['storage', { storage: { ...storage, put: undefined } }],
  ['authorizeLogin', { authorizeLogin: true }],
  ['storage', { owner: 'app', authorizeLogin: () => true }],
  ['storage', { owner: 'app', authorizeLogin: () => true, storage: () => storage }],
  ['authorizeLogin', { owner: 'app', storage }],
]

describe('a wrong option fails in createDance and names its path', () => {
  test('each of them CVE-2026-47675 GHSA-26pp-8wgv-hjvm S28', () => {
    for (const [path, options] of wrong) expectNamed(options, path)
  })

  test('those with members: on and logger', () => {
    expect(failure({ on: { stored: 'x' } })?.message).toContain('"on')
    expect(failure({ on: 7 })?.message).toContain('"on"')
    expect(failure({ logger: {} })?.message).toContain('"logger')
    expect(failure({ logger: () => {} })?.message).toContain('"logger')
  })

  test('an event that does not exist', () => {
    expect(failure({ on: { authorised: () => {} } })?.message).toContain('"on')
  })

  test('and no value of it is in the message [G11]', () => {
    const typed = 'correct-horse-battery-staple'
    const error = failure({ secret: typed })
    expect(error?.message).toContain('"secret"')
    expect(`${error?.message} ${error?.stack}`).not.toContain(typed)
  })
})

describe('the names of providers', () => {
  const { fake } = kit()
  const named = (name: string) => ({ providers: { [name]: fake.provider() } })

  test('are up to 32 of a-z, 0-9 and -, beginning with a letter', () => {
    for (const name of ['a', 'a1', 'my-work', `a${'b'.repeat(31)}`]) {
      expect([name, failure(named(name))]).toEqual([name, null])
    }
    for (const name of [
      'A',
      '1a',
      '-a',
      'a_b',
      'a.b',
      'a/b',
      'a b',
      'ä',
      '',
      `a${'b'.repeat(32)}`,
    ]) {
      expectNamed(named(name), `providers.${name}`)
    }
  })

  test('are none that routes, cookies or objects have use for', () => {
    const reserved = 'flow owner answer jwks connections connect constructor prototype'.split(' ')
    for (const name of reserved) expectNamed(named(name), `providers.${name}`)
    const inherited = { providers: Object.create({ fake: fake.provider() }) }
    expect(failure(inherited)?.code).toBe('option_invalid')
    expect(failure(named('__proto__'))?.code).toBe('option_invalid')
  })
})

test('createDance takes what the types take, and nothing is changed or read afterwards', async () => {
  const providers = { fake: kit().fake.provider() }
  const options = { providers, origin: [origin], secret: [secret], redirects: { success: '/in' } }
  const { dance } = kit(options)
  const before = structuredClone({ origin: options.origin, redirects: options.redirects })
  options.origin[0] = 'https://evil.test'
  options.redirects.success = 'https://evil.test/'
  expect(before).toEqual({ origin: [origin], redirects: { success: '/in' } })
  const headers = { accept: 'text/html' }
  const answer = await dance.handle(new Request(`${origin}/login/fake`, { headers }))
  const url = new URL(answer.headers.get('location') ?? '')
  expect(url.searchParams.get('redirect_uri')).toBe(`${origin}/login/fake/callback`)
  expect(Object.isFrozen(dance)).toBe(true)
  expect(Object.isFrozen(dance.events)).toBe(true)
})
