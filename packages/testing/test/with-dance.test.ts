import {
  cookieJar,
  type FakeProvider,
  type FakeProviderOptions,
  fakeProvider,
  joinFakes,
  memoryStorage,
  signedInJar,
  walkDance,
} from '@fetch-dance/testing'
import { createDance, type TokenStorage } from 'fetch-dance'
import { describe, expect, test } from 'vitest'

const secret = 'q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k'
const page = 'https://app.test/'

/** An app that shows who the visitor is at the provider. */
function createApp(
  options: FakeProviderOptions = {},
  preset: Parameters<FakeProvider['provider']>[0] = {},
  storage?: TokenStorage,
) {
  const fake = fakeProvider(options)
  const dance = createDance({
    providers: { fake: fake.provider(preset) },
    secret,
    origin: 'https://app.test',
    fetch: fake.fetch,
    ...(storage === undefined ? {} : { storage }),
  })
  const app = dance.wrap(async (_request, visit) => {
    const connection = await visit.require('fake')
    return Response.json((await connection.profile()).raw.login)
  })
  return { fake, dance, app }
}

describe('a dance with the fake provider', () => {
  const kinds: Record<string, [FakeProviderOptions, Parameters<FakeProvider['provider']>[0]?]> = {
    'OAuth 2': [{}],
    'OAuth 2 with iss': [{ iss: true }],
    'OAuth 2 with a secret in the body': [{ clientAuth: 'post' }],
    'OAuth 2 by form_post NX-17': [{}, { responseMode: 'form_post' }],
    'OAuth 2 below a path': [{ issuer: 'https://fake.test/tenant' }],
    'OpenID Connect': [{ oidc: true }],
    'OpenID Connect with ES256': [{ oidc: true, algorithm: 'ES256' }],
    'OpenID Connect by form_post': [{ oidc: true }, { responseMode: 'form_post' }],
  }
  for (const [kind, [options, preset]] of Object.entries(kinds)) {
    test(`connects over ${kind}, once`, async () => {
      const { fake, app } = createApp(options, preset)
      const jar = cookieJar()
      expect(await (await walkDance(app, fake, page, jar)).json()).toBe('octocat')
      expect((await jar.send(app, page)).status).toBe(200)
      expect(fake.tokenRequests.length).toBe(1)
      expect(jar.refused).toEqual([])
    })
  }

  test('ends with a page when the person says no A-16', async () => {
    const { fake, app } = createApp({ consent: 'deny' })
    expect((await walkDance(app, fake, page)).status).toBe(403)
    expect(fake.tokenRequests.length).toBe(0)
  })

  test('keeps its connection in memoryStorage', async () => {
    const storage = memoryStorage()
    const { fake, app } = createApp({}, {}, storage)
    expect((await walkDance(app, fake, page)).status).toBe(200)
    const { keys } = await storage.list({})
    expect(keys.filter(({ provider }) => provider === 'fake').length).toBe(1)
  })
})

describe('signedInJar()', () => {
  for (const [where, storage] of [
    ['cookies', undefined],
    ['memoryStorage', memoryStorage()],
  ] as const) {
    test(`connects without a dance, kept in ${where}`, async () => {
      const { fake, dance, app } = createApp({}, {}, storage)
      const jar = await signedInJar(dance, 'fake', fake.issueToken())
      expect(await (await jar.send(app, page)).json()).toBe('octocat')
      expect([fake.requests.authorize.length, fake.tokenRequests.length]).toEqual([0, 0])
    })

    test(`with a token that is due is refreshed, kept in ${where} NX-08`, async () => {
      const { fake, dance } = createApp({ rotation: 'strict' }, {}, storage)
      const app = dance.wrap(async (_request, visit) =>
        (await visit.require('fake')).fetch('/user'),
      )
      const jar = await signedInJar(dance, 'fake', { ...fake.issueToken(), expiresAt: 1 })
      expect((await jar.send(app, page)).status).toBe(200)
      expect((await jar.send(app, page)).status).toBe(200)
      expect(fake.tokenRequests.length).toBe(1)
    })
  }

  test('connects one browser at several providers', async () => {
    const [work, home] = [
      fakeProvider({ issuer: 'https://work.test' }),
      fakeProvider({ issuer: 'https://home.test' }),
    ]
    const providers = { work: work.provider(), home: home.provider() }
    const fetch = joinFakes(work, home)
    const dance = createDance({ providers, secret, origin: 'https://app.test', fetch })
    const app = dance.wrap(async (_request, visit) => {
      const connections = await visit.connections()
      return Response.json(
        connections.map(({ provider, status }) => `${provider} ${status}`).sort(),
      )
    })
    const jar = await signedInJar(dance, 'work', work.issueToken())
    await signedInJar(dance, 'home', home.issueToken(), { jar })
    expect(await (await jar.send(app, page)).json()).toEqual(['home ok', 'work ok'])
  })

  test('takes another origin', async () => {
    const fake = fakeProvider()
    const dance = createDance({ providers: { fake: fake.provider() }, secret, fetch: fake.fetch })
    const app = dance.wrap(
      async (_request, visit) => new Response((await visit.connection('fake')).status),
    )
    const origin = 'http://localhost:3000'
    const jar = await signedInJar(dance, 'fake', fake.issueToken(), { origin })
    expect(await (await jar.send(app, `${origin}/`)).text()).toBe('ok')
  })

  test('connects with the scopes that the provider asks for, where no token is given', async () => {
    const { dance } = createApp({}, { scopes: ['repo'] })
    const app = dance.wrap(async (_request, visit) => {
      const { status, scopes } = await visit.connection('fake')
      return Response.json({ status, scopes })
    })
    const jar = await signedInJar(dance, 'fake')
    expect(await (await jar.send(app, page)).json()).toEqual({ status: 'ok', scopes: ['repo'] })
  })

  test('connects a user of the app A-04', async () => {
    const fake = fakeProvider()
    const storage = memoryStorage()
    const owner = (request: Request) => request.headers.get('x-user')
    const providers = { fake: fake.provider() }
    const dance = createDance({ providers, secret, origin: 'https://app.test', storage, owner })
    await signedInJar(dance, 'fake', fake.issueToken(), { headers: { 'x-user': 'alice' } })
    expect((await storage.list({ owner: 'user:alice' })).keys.length).toBe(1)
    expect((await dance.connection({ provider: 'fake', owner: 'alice' })).status).toBe('ok')
  })

  test('refuses what is no dance', async () => {
    const { dance } = createApp()
    await expect(signedInJar({ ...dance }, 'fake')).rejects.toThrow('this is not a dance')
  })
})
