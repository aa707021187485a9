import { fakeProvider, memoryStorage, signedInJar, walkDance } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { keepings, staleJar, staleToken } from './support/dancing.ts'
import { kit, origin, travel } from './support/kit.ts'

const page = `${origin}/`

describe.each(keepings)('a token %s', (_, keeping) => {
  test('is refreshed before the call once it has expired, and the new one is kept NX-08a [G8]', async () => {
    const fake = fakeProvider({ rotation: 'strict' })
    const { dance, app, events } = kit(keeping(), fake)
    const jar = await staleJar(dance, fake)
    expect((await jar.send(app, page)).status).toBe(200)
    expect(fake.tokenRequests.length).toBe(1)
    expect(events).toContain('refreshed')
    fake.dropAccessTokens() // the next call needs the rotated refresh token
    expect((await jar.send(app, page)).status).toBe(200)
    expect(fake.tokenRequests.length).toBe(2)
    expect(fake.grants).toBe(1)
  })

  test('keeps its refresh token when the answer has none NX-08b S10 [G8]', async () => {
    const fake = fakeProvider({ rotation: 'none' })
    const { dance, app, jar: none } = kit(keeping(), fake)
    expect(none.cookies()).toEqual([])
    const jar = await staleJar(dance, fake)
    expect((await jar.send(app, page)).status).toBe(200)
    const returned = travel(7200)
    try {
      expect((await jar.send(app, page)).status).toBe(200)
    } finally {
      returned()
    }
    expect(fake.tokenRequests.length).toBe(2)
  })

  test('that the provider refuses for good ends with needsLogin and a typed error NX-08c [G8]', async () => {
    const fake = fakeProvider({ rotation: 'strict' })
    const { dance, app, events } = kit(keeping(), fake)
    const reasons: string[] = []
    dance.events.on('needsLogin', ({ reason }) => void reasons.push(reason))
    const jar = await staleJar(dance, fake)
    fake.endGrants()
    const answer = await jar.send(app, page)
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toBe('/login/fake?returnTo=%2F')
    expect(reasons).toEqual(['revoked'])
    expect(events).not.toContain('refreshed')
    await jar.send(app, page)
    expect(fake.tokenRequests.length).toBe(1) // what is over is not tried again
  })

  test.each([
    ['503', { status: 503 }, 'provider_unavailable'],
    [
      '503 that says invalid_grant',
      { status: 503, body: { error: 'invalid_grant' } },
      'provider_unavailable',
    ],
    ['a network error', { networkError: true }, 'provider_unreachable'],
    [
      'HTML',
      { status: 200, body: '<p>hi', headers: { 'content-type': 'text/html' } },
      'provider_bad_response',
    ],
  ] as const)('outlives %s at the token endpoint NX-08d [G8]', async (_name, fault, code) => {
    const fake = fakeProvider({ rotation: 'strict' })
    const { dance, errors } = kit(keeping(), fake)
    const app = dance.wrap(async (_request, visit) => {
      const connection = await visit.require('fake')
      const answer = await connection.fetch('/user').catch((error: { code: string }) => error.code)
      return typeof answer === 'string' ? new Response(answer) : answer
    })
    const jar = await staleJar(dance, fake)
    fake.fault({ endpoint: 'token', ...fault })
    expect(await (await jar.send(app, page)).text()).toBe(code)
    expect(errors.map((error) => error.code)).toEqual([code])
    const again = await jar.send(app, page)
    expect(await again.json()).toMatchObject({ login: 'octocat' })
  })

  test('without a refresh token ends with a typed error and no request NX-08e', async () => {
    const { fake, dance, app } = kit(keeping())
    const { refreshToken: _none, ...token } = staleToken(fake)
    const jar = await signedInJar(dance, 'fake', token)
    expect((await jar.send(app, page)).status).toBe(302)
    const shown = dance.wrap(async (_request, visit) => {
      const { status, reason, authorized } = await visit.connection('fake')
      return Response.json({ status, reason, authorized })
    })
    const status = await (await jar.send(shown, page)).json()
    expect(status).toEqual({ status: 'needs_login', reason: 'expired', authorized: false })
    expect(fake.tokenRequests.length).toBe(0)
  })

  test('with a second left is refreshed first NX-09', async () => {
    const { fake, dance, app } = kit(keeping())
    const expiresAt = Math.floor(Date.now() / 1000) + 3600
    const jar = await signedInJar(dance, 'fake', { ...fake.issueToken(), expiresAt })
    const returned = travel(3599)
    try {
      expect((await jar.send(app, page)).status).toBe(200)
    } finally {
      returned()
    }
    expect(fake.tokenRequests.length).toBe(1)
    expect(fake.requests.api.length).toBe(1) // and not first refused
  })

  test('that the API refuses before its time is refreshed once and the call repeated NX-11 S25 S31', async () => {
    const fake = fakeProvider({ rotation: 'strict' })
    const { dance, app } = kit(keeping(), fake)
    const jar = await signedInJar(dance, 'fake', fake.issueToken())
    fake.dropAccessTokens()
    expect((await jar.send(app, page)).status).toBe(200)
    expect([fake.tokenRequests.length, fake.requests.api.length]).toEqual([1, 2])
  })

  test('that the API always refuses gives the API its own answer, without a loop NX-11', async () => {
    const { fake, dance, app } = kit(keeping())
    const jar = await signedInJar(dance, 'fake', fake.issueToken())
    fake.fault({ endpoint: 'api', status: 401, times: Number.POSITIVE_INFINITY })
    expect((await jar.send(app, page)).status).toBe(401)
    expect([fake.tokenRequests.length, fake.requests.api.length]).toEqual([1, 2])
  })

  test('is refreshed again when the API refuses the refreshed one a moment later NX-11', async () => {
    const { fake, dance, app } = kit(keeping())
    const jar = await staleJar(dance, fake)
    expect((await jar.send(app, page)).status).toBe(200)
    fake.dropAccessTokens()
    expect((await jar.send(app, page)).status).toBe(200)
    expect(fake.tokenRequests.length).toBe(2)
  })

  test('of a short life is refreshed each time it ends', async () => {
    const fake = fakeProvider({ expiresIn: 20 })
    const { dance, app } = kit(keeping(), fake)
    const jar = await staleJar(dance, fake)
    expect((await jar.send(app, page)).status).toBe(200)
    const returned = travel(25)
    try {
      expect((await jar.send(app, page)).status).toBe(200)
    } finally {
      returned()
    }
    expect([fake.tokenRequests.length, fake.requests.api.length]).toEqual([2, 2])
  })

  test('serves a thousand calls over thirty days with one consent A-17', async () => {
    const fake = fakeProvider({ rotation: 'strict', expiresIn: 24 * 3600 })
    const { app, jar } = kit(keeping(), fake)
    await walkDance(app, fake, page, jar)
    for (let day = 0; day < 30; day++) {
      const returned = travel(day * 24 * 3600 + 60)
      try {
        for (let call = 0; call < 33; call++) {
          expect((await jar.send(app, page)).status).toBe(200)
        }
      } finally {
        returned()
      }
    }
    expect(fake.consents).toBe(1)
    expect(fake.tokenRequests.length).toBe(30) // the dance, then one refresh a day
  })
})

test('dance.connection() refreshes for whoever has no request', async () => {
  const fake = fakeProvider({ rotation: 'strict' })
  const { dance } = kit({ storage: memoryStorage(), owner: () => 'alice' }, fake)
  await staleJar(dance, fake)
  const connection = await dance.connection({ provider: 'fake', owner: 'alice' })
  expect(connection.status).toBe('expired')
  expect((await connection.fetch('/user')).status).toBe(200)
  expect(connection.status).toBe('ok')
  expect(fake.tokenRequests.length).toBe(1)
})
