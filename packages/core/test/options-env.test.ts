import { fakeProvider, signedInJar } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { type Kit, kit, origin, secret } from './support/kit.ts'
import { beginLogin, login } from './support/login.ts'
import { failure } from './support/options.ts'

/** A provider without credentials of its own: they have to come from the environment. */
function bareProvider(fake = fakeProvider()) {
  const { clientId: _id, clientSecret: _secret, ...facts } = fake.provider().facts
  return { fake, provider: { ...fake.provider(), facts } }
}

function kitWith(name: string, env: object): Kit {
  const { fake, provider } = bareProvider()
  return kit({ providers: { [name]: provider }, env, secret: undefined, origin: undefined }, fake)
}

const { clientId = '', clientSecret = '' } = fakeProvider().provider().facts
const credentials = (prefix: string) => ({
  DANCE_SECRET: secret,
  DANCE_ORIGIN: origin,
  [`${prefix}_OAUTH_CLIENT_ID`]: clientId,
  [`${prefix}_OAUTH_CLIENT_SECRET`]: clientSecret,
})

describe('the environment', () => {
  test('brings secret, origin and credentials: NAME is the key in providers, - becomes _', async () => {
    for (const [name, prefix] of [
      ['github', 'GITHUB'],
      ['my-work-2', 'MY_WORK_2'],
    ] as const) {
      const actors = kitWith(name, credentials(prefix))
      expect((await login(actors, `/login/${name}`)).status).toBe(303)
    }
  })

  test('may be any object: one without a prototype, a proxy, one with getters', async () => {
    const values: Record<string, string> = credentials('FAKE')
    class Environment {
      get DANCE_SECRET() {
        return values['DANCE_SECRET']
      }
      get DANCE_ORIGIN() {
        return values['DANCE_ORIGIN']
      }
      get FAKE_OAUTH_CLIENT_ID() {
        return values['FAKE_OAUTH_CLIENT_ID']
      }
      get FAKE_OAUTH_CLIENT_SECRET() {
        return values['FAKE_OAUTH_CLIENT_SECRET']
      }
    }
    const proxy = new Proxy({}, { get: (_target, name) => values[String(name)] })
    const bare = Object.assign(Object.create(null), values)
    for (const env of [values, proxy, bare, new Environment()]) {
      expect((await login(kitWith('fake', env))).status).toBe(303)
    }
  })

  test('is beaten by options, and not asked for anything else', async () => {
    const asked: string[] = []
    const env = new Proxy(
      {},
      {
        get(_target, name) {
          asked.push(String(name))
          return undefined
        },
      },
    )
    const actors = kit({ env })
    expect((await login(actors)).status).toBe(303)
    const known = ['DANCE_SECRET', 'DANCE_ORIGIN', 'FAKE_OAUTH_CLIENT_ID']
    const names = new Set([...known, 'FAKE_OAUTH_CLIENT_SECRET'])
    expect(asked.filter((name) => !names.has(name))).toEqual([])
  })

  test('holding other things than texts, and empty texts, is as if nothing were there', async () => {
    for (const value of ['', undefined, null, 7, {}]) {
      const actors = kitWith('fake', { ...credentials('FAKE'), FAKE_OAUTH_CLIENT_ID: value })
      const { answer } = await beginLogin(actors)
      expect(answer.status).toBe(500)
      expect(actors.errors[0]?.message).toContain('FAKE_OAUTH_CLIENT_ID')
    }
  })
})

describe('what is absent', () => {
  test('fails at first use and not in createDance, so that builds run: each names its variable', async () => {
    const env = credentials('FAKE')
    for (const variable of ['DANCE_SECRET', 'FAKE_OAUTH_CLIENT_ID', 'FAKE_OAUTH_CLIENT_SECRET']) {
      const actors = kitWith('fake', { ...env, [variable]: undefined })
      const { answer, url, state } = await beginLogin(actors)
      if (answer.status === 302) {
        // the client secret is needed only when a code is exchanged
        const code = (await actors.fake.fetch(url, { redirect: 'manual' })).headers.get('location')
        await actors.jar.send(actors.dance.handle, code ?? '', { site: 'cross-site' })
        expect(state).not.toBe('')
      }
      const [error] = actors.errors
      expect([variable, error?.code, error?.status]).toEqual([variable, 'option_invalid', 500])
      expect(error?.message).toContain(variable)
      expect(actors.fake.tokenRequests.length).toBe(0)
    }
  })

  test('a client without a secret needs none', async () => {
    const fake = fakeProvider({ clientAuth: 'none' })
    expect((await login(kit({}, fake))).status).toBe(303)
  })

  test('routes of other things than logins work without them', async () => {
    const { dance } = kit({ secret: undefined })
    expect(dance.paths('fake').login).toBe('/login/fake')
    expect(dance.owns(new Request(`${origin}/login/fake`))).toBe(true)
    expect((await dance.handle(new Request(`${origin}/nothing`))).status).toBe(404)
  })
})

describe('a secret that is none fails in createDance, and its path is named F-51', () => {
  const random = () => crypto.getRandomValues(new Uint8Array(32))
  const hex = (octets: Uint8Array) =>
    [...octets].map((octet) => octet.toString(16).padStart(2, '0')).join('')
  const base64url = (octets: Uint8Array) =>
    btoa(String.fromCharCode(...octets))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '')

  test('too short, of few octets, a published sample, or not written as it must be', () => {
    const wrong = [
      'short',
      'complex_password_at_least_32_characters_long',
      'a'.repeat(64),
      'abcdef0123'.repeat(7),
      '0123456789abcdef'.repeat(4),
      hex(random()).slice(2),
      base64url(random().slice(0, 31)),
      'this is a pass phrase, and it is long enough',
      `${secret}!`,
      `${secret}é`,
    ]
    for (const text of wrong) {
      expect([text, failure({ secret: text })?.code]).toEqual([text, 'option_invalid'])
      expect(failure({ secret: text })?.message).toContain('"secret"')
      expect(failure({ secret: [secret, text] })?.message).toContain('"secret"')
      const env = { DANCE_SECRET: text }
      expect(failure({ secret: undefined, env })?.message).toContain('DANCE_SECRET')
    }
  })

  test('32 random octets pass, as hex in both cases and as base64url', async () => {
    const octets = random()
    for (const text of [hex(octets), hex(octets).toUpperCase(), base64url(octets)]) {
      expect(failure({ secret: text })).toBe(null)
    }
    expect(failure({ secret: hex(random()) + hex(random()) })).toBe(null)
    const { dance } = kit({ secret: hex(octets) })
    expect((await signedInJar(dance, 'fake')).cookies().length).toBe(1)
  })
})
