import { fakeProvider } from '@fetch-dance/testing'
import { oauth2Provider, oidcProvider } from 'fetch-dance'
import { expect, test } from 'vitest'
import { kit } from './support/kit.ts'

const hostileUrls = [
  'http://localhost:80@attacker.test/cb',
  'https://user:password@fake.test/x',
  'https://user@fake.test/x',
  'http://fake.test/x',
  'http://localhost.attacker.test/x',
  'http://127.0.0.1.attacker.test/x',
  'javascript:alert(1)',
  'data:text/html,x',
  'file:///etc/passwd',
  '//fake.test/x',
  '/x',
  'fake.test',
  '',
]

for (const url of hostileUrls) {
  test(`createDance() takes ${JSON.stringify(url)} for no endpoint, issuer or origin Authlib CVE-2025-6514 [G10]`, () => {
    const facts = {
      id: 'fake',
      authorizationEndpoint: 'https://fake.test/a',
      tokenEndpoint: 'https://fake.test/t',
    }
    for (const [path, change] of Object.entries({
      authorizationEndpoint: { authorizationEndpoint: url },
      tokenEndpoint: { tokenEndpoint: url },
      revocationEndpoint: { revocationEndpoint: url },
      refreshEndpoint: { refreshEndpoint: url },
      apiBase: { apiBase: url },
      'profile.url': { profile: { url } },
    })) {
      const wrong = oauth2Provider({ ...facts, ...change })
      expect(failure({ providers: { fake: wrong } })).toMatch(`providers.fake.${path}`)
    }
    const issuer = oidcProvider({ id: 'fake', issuer: url })
    expect(failure({ providers: { fake: issuer } })).toMatch('providers.fake.issuer')
    // an empty text is an environment variable that is not set
    if (url !== '') expect(failure({ origin: url })).toMatch('"origin')
  })
}

test('createDance() takes loopback for an endpoint and an origin, by the host as it is parsed Authlib', () => {
  for (const host of ['localhost', '127.0.0.1', '[::1]', 'LOCALHOST']) {
    const fake = fakeProvider({ issuer: `http://${host.toLowerCase()}:8080` })
    expect(failure({ origin: `http://${host.toLowerCase()}:3000` }, fake)).toBe('')
  }
})

const hostileNames = [
  'a b',
  'a;b',
  'a=b',
  'a,b',
  'a\r\nset-cookie: x',
  'ä',
  'A',
  '1a',
  '-a',
  'a_b',
  'a.b',
  'a/b',
  'a%2f',
  '',
  'a'.repeat(33),
  '__proto__',
  'constructor',
  'prototype',
  'flow',
  'owner',
  'answer',
  'jwks',
  'connections',
  'connect',
]

for (const name of hostileNames) {
  test(`createDance() takes ${JSON.stringify(name)} for no provider's name CVE-2026-47675 GHSA-26pp-8wgv-hjvm`, () => {
    const fake = fakeProvider()
    const providers = Object.fromEntries([[name, fake.provider()]])
    expect(failure({ providers }, fake)).toMatch('"providers')
  })
}

const hostileCookies = [
  { name: 'a b' },
  { name: 'a;b' },
  { name: 'a=b' },
  { name: 'a\r\nb' },
  { name: 'ä' },
  { name: '' },
  { maxAge: -1 },
  { maxAge: 0 },
  { maxAge: Number.NaN },
  { maxAge: Number.POSITIVE_INFINITY },
  { maxAge: '1; Domain=evil.test' },
  { partitioned: 'yes; Domain=evil.test' },
]

for (const cookie of hostileCookies) {
  test(`createDance() takes ${JSON.stringify(cookie)} for no cookie CVE-2026-47675 CVE-2026-56762`, () => {
    expect(failure({ cookie })).toMatch('"cookie')
  })
}

test('createDance() knows no option for the attributes that protect a cookie CVE-2026-47675', async () => {
  const cookie = {
    sameSite: 'None; Domain=evil.test',
    domain: 'evil.test',
    path: '/x; Domain=evil.test',
  }
  const { dance, jar } = kit({ cookie })
  const response = await jar.send(dance.handle, 'https://app.test/login/fake')
  const [line = ''] = response.headers.getSetCookie()
  expect(line).toMatch(
    /^__Host-dance\.flow\.[\w-]{12}=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600; Secure$/,
  )
})

/** The message createDance fails with; '' where it does not. */
function failure(options: object, fake = fakeProvider()): string {
  try {
    kit(options, fake)
    return ''
  } catch (error) {
    expect(error).toMatchObject({ name: 'DanceError', code: 'option_invalid' })
    return String(error)
  }
}
