import { cookieJar } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { expectEnvelope } from './support/envelope.ts'
import { type Kit, kit, origin } from './support/kit.ts'
import { beginLogin, login } from './support/login.ts'

/** Headers with which clients and proxies name other hosts. */
const forwarding: Record<string, string> = {
  host: 'evil.test',
  forwarded: 'host=evil.test;proto=http',
  'x-forwarded-host': 'evil.test',
  'x-forwarded-proto': 'http',
  'x-forwarded-port': '8443',
  'x-forwarded-prefix': '/evil',
  'x-forwarded-uri': '/evil',
  x_forwarded_host: 'evil.test',
  'x-forwarded-server': 'evil.test',
  'x-original-url': '/evil',
  'x-rewrite-url': '/evil',
}

/** The redirect_uri of a login that a URL and its headers ask for; or the error's code. */
async function redirectUri({ dance, jar, errors }: Kit, url: string, headers: HeadersInit = {}) {
  errors.length = 0
  const answer = await jar.send(dance.handle, url, { headers })
  await expectEnvelope(answer)
  const location = answer.headers.get('location')
  return location === null ? errors[0]?.code : new URL(location).searchParams.get('redirect_uri')
}

describe('one configured origin', () => {
  test('makes the redirect URI, whatever host is asked or forwarded F-39 F-40 [G7]', async () => {
    for (const trustProxy of [false, true]) {
      const actors = kit({ trustProxy })
      for (const host of [origin, 'https://evil.test', 'http://app.test:81', 'http://10.0.0.1']) {
        expect(await redirectUri(actors, `${host}/login/fake`, forwarding)).toBe(
          `${origin}/login/fake/callback`,
        )
      }
    }
  })

  test('may come from DANCE_ORIGIN; the option beats it', async () => {
    const env = { DANCE_ORIGIN: 'https://env.test' }
    const fromEnv = kit({ origin: undefined, env })
    expect(await redirectUri(fromEnv, `${origin}/login/fake`)).toContain('https://env.test/')
    expect(await redirectUri(kit({ env }), `${origin}/login/fake`)).toContain(`${origin}/`)
  })

  test('is reused byte for byte at the token endpoint [G7]', async () => {
    const actors = kit({ origin: 'https://xn--bcher-kva.test:8443' })
    const { url } = await beginLogin(actors, '/login/fake', 'https://xn--bcher-kva.test:8443')
    await login(actors, '/login/fake', 'https://xn--bcher-kva.test:8443')
    const form = new URLSearchParams(await actors.fake.tokenRequests[0]?.text())
    expect(form.get('redirect_uri')).toBe('https://xn--bcher-kva.test:8443/login/fake/callback')
    expect(url.searchParams.get('redirect_uri')).toBe(form.get('redirect_uri'))
  })
})

describe('a list of origins', () => {
  const origins = ['https://app.test', 'https://www.app.test:8443', 'http://localhost:3000']

  test('is picked from by the request’s host A-12 F-39 [G7]', async () => {
    const actors = kit({ origin: origins })
    for (const one of origins) {
      expect(await redirectUri(actors, `${one}/login/fake`)).toBe(`${one}/login/fake/callback`)
    }
    // behind a proxy that ends TLS the host is right and the scheme is not
    expect(await redirectUri(actors, 'http://app.test/login/fake')).toBe(
      'https://app.test/login/fake/callback',
    )
  })

  test('refuses every other host: 400 origin_not_allowed F-39 [G7]', async () => {
    const actors = kit({ origin: origins })
    for (const host of [
      'https://evil.test',
      'https://app.test.evil.test',
      'https://evilapp.test',
      'https://app.test:444',
      'https://www.app.test',
      'http://localhost:3001',
      'https://sub.app.test',
    ]) {
      const answer = await actors.jar.send(actors.dance.handle, `${host}/login/fake`)
      await expectEnvelope(answer)
      expect([host, answer.status]).toEqual([host, 400])
      expect(actors.errors.at(-1)?.code).toBe('origin_not_allowed')
    }
  })

  test('looks at no forwarded header unless trustProxy is set F-40 [G7]', async () => {
    const actors = kit({ origin: origins })
    for (const [name, value] of Object.entries({ ...forwarding, 'x-forwarded-host': origins[1] })) {
      expect(await redirectUri(actors, `${origin}/login/fake`, { [name]: value ?? '' })).toBe(
        `${origin}/login/fake/callback`,
      )
    }
  })

  test('with trustProxy is picked from by X-Forwarded-Host, and by nothing else F-40 [G7]', async () => {
    const actors = kit({ origin: origins, trustProxy: true })
    const asked = 'http://10.0.0.7:8080/login/fake'
    const forwarded = (host: string) => redirectUri(actors, asked, { 'x-forwarded-host': host })
    expect(await forwarded('app.test')).toBe('https://app.test/login/fake/callback')
    expect(await forwarded('WWW.App.Test:8443')).toBe(
      'https://www.app.test:8443/login/fake/callback',
    )
    expect(await forwarded('app.test, inner.proxy')).toBe('https://app.test/login/fake/callback')
    for (const host of ['evil.test', 'app.test@evil.test', 'app.test/', 'app.test#', '%']) {
      expect([host, await forwarded(host)]).toEqual([host, 'origin_not_allowed'])
    }
    const others = Object.entries(forwarding).filter(([name]) => name !== 'x-forwarded-host')
    for (const [name] of others) {
      const code = await redirectUri(actors, asked, { [name]: 'app.test' })
      expect([name, code]).toEqual([name, 'origin_not_allowed'])
    }
  })

  test('may hold a preview pattern: one star inside the first label', async () => {
    const actors = kit({ origin: [origin, 'https://shop-*-team.vercel.test'] })
    expect(await redirectUri(actors, 'https://shop-git-x-team.vercel.test/login/fake')).toBe(
      'https://shop-git-x-team.vercel.test/login/fake/callback',
    )
    for (const host of [
      'shop--team.vercel.test.evil.test',
      'shop-a.b-team.vercel.test',
      'shop-a-team.vercel.test:444',
      'xshop-a-team.vercel.test',
      'shop-a-team.vercelxtest',
      'shop-a-team.evil.test',
    ]) {
      const code = await redirectUri(actors, `https://${host}/login/fake`)
      expect([host, code]).toEqual([host, 'origin_not_allowed'])
    }
  })

  test('the same-origin check follows the origin in use [G12]', async () => {
    const { dance } = kit({ origin: origins })
    const post = (url: string, from: string) => {
      const request = new Request(`${url}/login/fake/logout`, { method: 'POST' })
      request.headers.set('origin', from)
      return dance.handle(request)
    }
    expect((await post('https://app.test', 'https://app.test')).status).toBe(303)
    expect((await post('https://app.test', 'https://www.app.test:8443')).status).toBe(403)
    expect((await post('https://app.test', 'http://app.test')).status).toBe(403)
    expect((await post('http://app.test', 'https://app.test')).status).toBe(303)
  })

  test('cookies of one origin mean nothing at another S28', async () => {
    const actors = kit({ origin: origins })
    await login(actors, '/login/fake', 'https://app.test')
    const app = actors.dance.wrap(async (_request, visit) => {
      return new Response((await visit.connection('fake')).status)
    })
    const value = actors.jar.get('__Host-dance.fake') ?? ''
    const headers = { cookie: `__Host-dance.fake=${value}` }
    const at = async (url: string) => (await cookieJar().send(app, url, { headers })).text()
    expect(await at('https://app.test/')).toBe('ok')
    expect(await at('http://localhost:3000/')).toBe('none') // there the name has no prefix
  })
})
