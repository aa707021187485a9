import { fakeProvider, memoryStorage, walkDance } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { danceCookies, keepings } from './support/dancing.ts'
import { canariesOf, expectEnvelope } from './support/envelope.ts'
import { type Kit, kit, origin } from './support/kit.ts'
import { oidcFake } from './support/oidc-fake.ts'
import { unreliableStorage } from './support/unreliable-storage.ts'

const page = `${origin}/`
const logout = `${origin}/login/fake/logout`
const form = (fields: Record<string, string>) => ({
  method: 'POST',
  body: new URLSearchParams(fields).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
})

/** Disconnects from within the app, and says what came of it. */
function disconnecting({ dance }: Kit, o?: { revoke?: boolean }) {
  return dance.wrap(async (_request, visit) => {
    const connection = await visit.connection('fake')
    const result = await connection.disconnect(o)
    return Response.json({ ...result, status: connection.status })
  })
}

describe.each(keepings)('disconnecting a token %s', (_, keeping) => {
  test('revokes the refresh token once, forgets it, tells it, and the next login asks again A-08 [G12]', async () => {
    const all = kit(keeping())
    const { app, dance, fake, jar } = all
    const told: object[] = []
    dance.events.on('disconnected', ({ provider, owner, account, remote }) => {
      told.push({ provider, owner, account, remote })
    })
    await walkDance(app, fake, page, jar)
    const answer = await jar.send(disconnecting(all), page)
    expect(await answer.json()).toEqual({ remote: 'revoked', status: 'none' })
    expect(told).toEqual([{ provider: 'fake', owner: null, account: null, remote: 'revoked' }])
    expect(fake.requests.revoke.length).toBe(1)
    const sent = await fake.requests.revoke[0]?.formData()
    expect(sent?.get('token_type_hint')).toBe('refresh_token')
    expect(danceCookies(jar)).toEqual([])
    expect((await jar.send(app, page)).status).toBe(302)
    await walkDance(app, fake, page, jar)
    expect(fake.consents).toBe(2)
  })

  test('revokes the access token where there is no refresh token A-08 [G12]', async () => {
    const all = kit(keeping(), fakeProvider({ refreshToken: false }))
    await walkDance(all.app, all.fake, page, all.jar)
    const answer = await all.jar.send(disconnecting(all), page)
    expect(await answer.json()).toMatchObject({ remote: 'revoked' })
    const sent = await all.fake.requests.revoke[0]?.formData()
    expect(sent?.get('token_type_hint')).toBe('access_token')
  })

  test.each([
    ['400', { status: 400 }],
    ['500', { status: 500 }],
    ['no answer', { hang: true }],
    ['a network error', { networkError: true }],
  ])('forgets it though the revocation gets %s A-08 S24 [G12]', async (_name, fault) => {
    const all = kit({ ...keeping(), timeout: 300 })
    const { app, fake, jar } = all
    await walkDance(app, fake, page, jar)
    fake.fault({ endpoint: 'revoke', ...fault })
    const answer = await jar.send(disconnecting(all), page)
    expect(await answer.json()).toEqual({ remote: 'failed', status: 'none' })
    expect((await jar.send(app, page)).status).toBe(302)
    expect(fake.requests.revoke.length).toBe(1)
  })

  test('where nothing is connected is skipped and throws nothing A-08 [G12]', async () => {
    const all = kit(keeping())
    const answer = await all.jar.send(disconnecting(all), page)
    expect(await answer.json()).toEqual({ remote: 'skipped', status: 'none' })
    expect(all.events).toEqual([])
    expect(all.fake.requests.revoke.length).toBe(0)
  })

  test('leaves the grant alone with revoke: false A-08 [G12]', async () => {
    const all = kit(keeping())
    await walkDance(all.app, all.fake, page, all.jar)
    const answer = await all.jar.send(disconnecting(all, { revoke: false }), page)
    expect(await answer.json()).toEqual({ remote: 'skipped', status: 'none' })
    expect([all.fake.requests.revoke.length, all.fake.grants]).toEqual([0, 1])
  })

  test('the logout route does it for a form of the app, and leads where the form says A-08 [G12]', async () => {
    const { app, dance, fake, jar } = kit(keeping())
    await walkDance(app, fake, page, jar)
    const canaries = canariesOf({ fake, jar })
    const answer = await jar.send(dance.handle, logout, form({ returnTo: '/bye?x=1' }))
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/bye?x=1'])
    await expectEnvelope(answer, canaries)
    expect(danceCookies(jar)).toEqual([])
    expect(fake.grants).toBe(0)
  })

  test('the logout route answers a script in JSON, also when the provider is down A-08 [G12]', async () => {
    const { app, dance, fake, jar } = kit({ ...keeping(), redirects: { logout: '/goodbye' } })
    await walkDance(app, fake, page, jar)
    fake.fault({ endpoint: 'revoke', status: 503 })
    const headers = { accept: 'application/json', 'sec-fetch-mode': 'cors' }
    const answer = await jar.send(dance.handle, logout, { method: 'POST', headers })
    expect(JSON.parse(await expectEnvelope(answer))).toEqual({ remote: 'failed' })
    const again = await jar.send(
      dance.handle,
      logout,
      form({ revoke: 'false', returnTo: '//evil.test' }),
    )
    expect([again.status, again.headers.get('location')]).toEqual([303, '/goodbye'])
  })

  test.each(['cross-site', 'same-site', 'none'] as const)(
    'the logout route refuses a %s form and changes nothing CVE-2015-9284 [G12]',
    async (site) => {
      const { app, dance, fake, jar } = kit(keeping())
      await walkDance(app, fake, page, jar)
      const answer = await jar.send(dance.handle, logout, { ...form({}), site })
      expect(answer.status).toBe(403)
      await expectEnvelope(answer, canariesOf({ fake, jar }))
      expect((await jar.send(app, page)).status).toBe(200)
      expect(fake.requests.revoke.length).toBe(0)
    },
  )

  test('a link cannot log out: GET is 405 [G12]', async () => {
    const { app, dance, fake, jar } = kit(keeping())
    await walkDance(app, fake, page, jar)
    const answer = await jar.send(dance.handle, logout)
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST'])
    expect((await jar.send(app, page)).status).toBe(200)
  })
})

test('without Sec-Fetch-Site the logout route goes by Origin [G12]', async () => {
  const { app, dance, fake, jar } = kit()
  await walkDance(app, fake, page, jar)
  const post = (headers: Record<string, string>) => {
    const request = new Request(logout, { method: 'POST', headers })
    return jar.send(dance.handle, request)
  }
  for (const headers of [{}, { origin: 'null' }, { origin: 'https://evil.test' }]) {
    expect((await post(headers)).status).toBe(403)
  }
  expect((await post({ origin })).status).toBe(303)
  expect(danceCookies(jar)).toEqual([])
})

test('a provider without revocation is said to be unsupported A-08 [G12]', async () => {
  const all = kit({}, fakeProvider({ revocation: false }))
  await walkDance(all.app, all.fake, page, all.jar)
  const answer = await all.jar.send(disconnecting(all), page)
  expect(await answer.json()).toEqual({ remote: 'unsupported', status: 'none' })
})

test('a storage that fails to delete is asked again before it is an error [G12]', async () => {
  const storage = unreliableStorage()
  let failures = 1
  const flaky = {
    ...storage,
    delete: async (...args: Parameters<typeof storage.delete>) => {
      if (failures-- > 0) throw new Error('away')
      return storage.delete(...args)
    },
  }
  const all = kit({ storage: flaky, owner: () => 'alice' })
  await walkDance(all.app, all.fake, page, all.jar)
  expect(await (await all.jar.send(disconnecting(all), page)).json()).toMatchObject({
    remote: 'revoked',
  })
  expect((await storage.list({ owner: 'user:alice' })).keys).toEqual([])
})

test('a provider that has moved is sent no token, and it is forgotten all the same F-17 [G10] [G12]', async () => {
  const o = { storage: memoryStorage(), owner: () => 'alice' }
  const fake = oidcFake()
  const before = kit(o, fake)
  await walkDance(before.app, fake, page, before.jar)
  const moved = {
    token_endpoint: 'https://evil.test/t',
    revocation_endpoint: 'https://evil.test/r',
  }
  fake.set({ tamper: { metadata: (metadata) => ({ ...metadata, ...moved }) } })
  const answer = await before.jar.send(disconnecting(kit(o, fake)), page)
  expect(await answer.json()).toEqual({ remote: 'failed', status: 'none' })
  expect(fake.requests.elsewhere.length + fake.requests.revoke.length).toBe(0)
})
