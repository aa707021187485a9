import { cookieJar, fakeProvider, memoryStorage, signedInJar } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { canariesOf, expectEnvelope } from './support/envelope.ts'
import { type Kit, kit, origin, travel } from './support/kit.ts'
import { login } from './support/login.ts'

const sameOrigin = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', accept: '*/*' }

async function list({ dance, jar, fake }: Kit, headers: HeadersInit = sameOrigin) {
  const answer = await jar.send(dance.handle, `${origin}/login/connections`, { headers })
  await expectEnvelope(answer, canariesOf({ fake, jar }))
  return answer
}

function twoProviders(options: object = {}, fake = fakeProvider()): Kit {
  return kit({ providers: { fake: fake.provider(), other: fake.provider() }, ...options }, fake)
}

describe('the list of connections', () => {
  test('is JSON with what a page needs, and no token [G11]', async () => {
    const actors = twoProviders()
    expect(await (await list(actors)).json()).toEqual([])
    await login(actors)
    const answer = await list(actors)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    expect(await answer.json()).toEqual([
      {
        provider: 'fake',
        account: null,
        status: 'ok',
        reason: null,
        scopes: [],
        paths: {
          login: '/login/fake',
          callback: '/login/fake/callback',
          logout: '/login/fake/logout',
        },
      },
    ])
  })

  test('holds several providers, and the accounts of a named owner A-06', async () => {
    const actors = twoProviders({ storage: memoryStorage(), owner: () => 'alice' })
    await login(actors)
    await login(actors, '/login/other')
    actors.fake.set({ person: { id: '2', login: 'hubot' } })
    await login(actors)
    const listed: { provider: string; account: string }[] = await (await list(actors)).json()
    const accounts = listed.map(({ provider, account }) => [provider, account.split('|').at(-1)])
    expect(accounts.sort()).toEqual([
      ['fake', '2'],
      ['fake', '583231'],
      ['other', '583231'],
    ])
  })

  test('says why a connection is over', async () => {
    const actors = kit({}, fakeProvider({ refreshToken: false, expiresIn: 60 }))
    await login(actors)
    const back = travel(61)
    try {
      expect(await (await list(actors)).json()).toMatchObject([
        { status: 'needs_login', reason: 'expired' },
      ])
    } finally {
      back()
    }
  })

  test('asks the network for nothing, and writes nothing', async () => {
    const actors = kit()
    const stale = { ...actors.fake.issueToken(), expiresAt: 1 }
    await signedInJar(actors.dance, 'fake', stale, { jar: actors.jar })
    const answer = await list(actors)
    expect(await answer.json()).toMatchObject([{ status: 'expired' }])
    expect(answer.headers.getSetCookie()).toEqual([])
    expect(actors.fake.tokenRequests.length).toBe(0)
  })

  test('shows a browser its own only A-03 NX-01', async () => {
    for (const options of [{}, { storage: memoryStorage() }]) {
      const actors = kit(options)
      await login(actors)
      expect(await (await list({ ...actors, jar: cookieJar() })).json()).toEqual([])
      expect(await (await list(actors)).json()).toHaveLength(1)
    }
  })
})

describe('who may ask for it', () => {
  test('only the app’s own pages: everything else is 403 cross_origin', async () => {
    const actors = kit()
    await login(actors)
    const refused: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': '', origin: 'https://evil.test' },
      { 'sec-fetch-site': '', origin: 'null' },
      { 'sec-fetch-site': '' },
      { 'sec-fetch-site': 'cross-site', origin },
    ]
    for (const headers of refused) {
      const answer = await list(actors, { ...headers, accept: 'application/json' })
      expect(answer.status).toBe(403)
      expect(await answer.json()).toMatchObject({ error: 'cross_origin' })
    }
  })

  test('an older browser’s Origin will do where Sec-Fetch-Site is absent', async () => {
    const actors = kit()
    const request = new Request(`${origin}/login/connections`)
    request.headers.set('origin', origin)
    expect((await actors.dance.handle(request)).status).toBe(200)
    expect((await actors.dance.handle(new Request(request.url))).status).toBe(403)
  })

  test('the guard decides by provider, with the action list', async () => {
    const asked: string[] = []
    const guard = (allowed: readonly string[]) => ({
      storage: memoryStorage(),
      owner: 'app',
      authorizeLogin: (_request: Request, o: { provider: string; action: string }) => {
        asked.push(`${o.action} ${o.provider}`)
        return allowed.includes(o.provider)
      },
    })
    expect((await list(twoProviders(guard([])))).status).toBe(403)
    expect(asked.sort()).toEqual(['list fake', 'list other'])
    expect(await (await list(twoProviders(guard(['other'])))).json()).toEqual([])
  })
})
