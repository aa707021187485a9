import { expect, test } from 'vitest'
import { begin, bench, comeBack } from './support/bench.ts'
import { expectEnvelope } from './support/envelope.ts'
import { kit, origin } from './support/kit.ts'

const odd = [
  '%',
  '%zz',
  '%ff',
  '%00',
  '%c0%af',
  '%ed%a0%80',
  '%2',
  '%u0041',
  '='.repeat(9),
  '__proto__',
  '(',
]

for (const value of odd) {
  test(`handle() answers ${JSON.stringify(value)} wherever it stands GHSA-xmf8-cvqr-rfgj CVE-2022-31093 [G1]`, async () => {
    const b = bench()
    const { answer } = await begin(b)
    const slots: [string, HeadersInit?][] = [
      [`/login/fake?returnTo=${value}`],
      [`/login/fake?returnTo=/${value}`],
      [`/login/fake?scopes=${value}`],
      [`/login/${value}`],
      [`/login/fake/callback?code=${value}&state=${value}`],
      [`/login/fake/callback?code=${value}&state=${answer.searchParams.get('state')}&iss=${value}`],
      [`/login/fake/callback?error=${value}&error_description=${value}`],
      ...[
        'authorization',
        'cookie',
        'accept',
        'referer',
        'origin',
        'host',
        'x-forwarded-host',
        'sec-fetch-site',
      ].map((name): [string, HeadersInit] => ['/login/fake/callback?state=a', { [name]: value }]),
      [
        '/login/fake',
        { cookie: `__Host-dance.fake=${value}; __Host-dance.flow.${value}=${value}; ${value}` },
      ],
      ['/login/connections', { cookie: `__Host-dance.owner=${value}` }],
    ]
    for (const [path, headers] of slots) {
      const response = await b.jar
        .copy()
        .send(b.dance.handle, origin + path, headers ? { headers } : {})
      await expectEnvelope(
        response,
        b.fake.secrets().filter((one) => one !== ''),
      )
    }
  })
}

const elsewhere = [
  '//evil.test',
  '/\\evil.test',
  '/.//evil.test',
  '/a/..//evil.test',
  '/%2e//evil.test',
  '/\t/evil.test',
  ' //evil.test',
  'https://evil.test',
  'https:evil.test',
  'https://app.test@evil.test',
  'https://app.test.evil.test',
  'javascript:alert(1)',
  '／／evil.test',
  '/／evil.test',
  '\\／evil.test',
  'https://app.test＠evil.test',
  '//evil。test',
  '/%5cevil.test',
  '/%2fevil.test',
]

for (const returnTo of elsewhere) {
  test(`login() never leads to ${JSON.stringify(returnTo)} GHSA-qqxw-m5fj-f7gv GHSA-7rqj-j65f-68wh S1 NX-16 [G6]`, async () => {
    const b = bench()
    const { answer } = await begin(b, `/login/fake?returnTo=${encodeURIComponent(returnTo)}`)
    const location = (await comeBack(b, answer)).headers.get('location') ?? ''
    expect(new URL(location, origin).origin).toBe(origin)
    expect(location).toMatch(/^\/(?![/\\])/)
  })
}

const otherPaths = [
  '//login/fake',
  '/login//fake',
  '/login/fake/',
  '/LOGIN/fake',
  '/%6cogin/fake',
  '/login/%66ake',
  '/login/fake%2fcallback',
  '/login%2ffake',
  '/login/fake;x',
  '/login/fake/callback/',
  '/x/login/fake',
  '/login/fakex',
  '/login/constructor',
  '/login/__proto__',
]

for (const path of otherPaths) {
  test(`handle() has one address for each thing, and ${path} is none CVE-2026-47676 GHSA-x732-6j76-qmhm`, async () => {
    const { dance, jar, errors } = kit()
    expect(dance.owns(new Request(origin + path))).toBe(false)
    const response = await jar.send(dance.handle, origin + path)
    await expectEnvelope(response)
    expect(response.status).toBe(404)
    expect(errors.map(({ code }) => code)).toEqual(['not_found'])
    expect(jar.cookies()).toEqual([])
  })
}

test('handle() lets no header name another path, host or scheme CVE-2025-64484 CVE-2026-40575 F-40 [G7]', async () => {
  const headers = {
    'x-original-url': '/login/evil',
    'x-rewrite-url': '/login/evil',
    'x-forwarded-uri': '/login/evil',
    'x-forwarded-prefix': '/evil',
    'x-forwarded-host': 'evil.test',
    x_forwarded_host: 'evil.test',
    'x-forwarded-proto': 'http',
    'x-forwarded-port': '8443',
    forwarded: 'host=evil.test;proto=http',
    host: 'evil.test',
    'x-forwarded-user': 'admin',
    x_forwarded_user: 'admin',
  }
  const b = bench()
  const { authorize } = await begin(b, '/login/fake', headers)
  expect(authorize.searchParams.get('redirect_uri')).toBe('https://app.test/login/fake/callback')
  expect((await b.jar.send(b.dance.handle, `${origin}/elsewhere`, { headers })).status).toBe(404)
})

test('login() shows a page, and not the provider, to a visitor another site sends in a user’s name CVE-2015-9284', async () => {
  for (const site of ['cross-site', 'same-site'] as const) {
    const b = bench({ owner: () => 'alice' })
    const response = await b.jar.send(b.dance.handle, `${origin}/login/fake`, { site })
    const page = await expectEnvelope(response)
    expect(response.status).toBe(200)
    expect(page).toContain('href="/login/fake"')
    expect(b.jar.cookies()).toEqual([])
    const fetched = await b.jar.send(b.dance.handle, `${origin}/login/fake`, {
      site,
      headers: { 'sec-fetch-mode': 'no-cors' },
    })
    expect(fetched.status).toBe(403)
  }
})
