import { fakeProvider, memoryStorage } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { expectEnvelope } from './support/envelope.ts'
import { type Kit, kit, origin } from './support/kit.ts'
import { answerOf, beginLogin } from './support/login.ts'

function withScopes(options: object = {}, fake = fakeProvider()): Kit {
  const preset = fake.provider({ scopes: ['user'], optionalScopes: ['repo', 'gist'] })
  return kit({ providers: { fake: preset }, ...options }, fake)
}

const asked = (url: URL) => (url.searchParams.get('scope') ?? '').split(' ').sort()

describe('what a URL can ask of a login', () => {
  test('declared scopes, beside the usual ones A-20', async () => {
    expect(asked((await beginLogin(withScopes())).url)).toEqual(['user'])
    expect(asked((await beginLogin(withScopes(), '/login/fake?scopes=repo')).url)).toEqual([
      'repo',
      'user',
    ])
    expect(asked((await beginLogin(withScopes(), '/login/fake?scopes=repo+gist')).url)).toEqual([
      'gist',
      'repo',
      'user',
    ])
  })

  test('no other scope: 400 scope_not_allowed, and nothing begins', async () => {
    for (const scopes of ['admin', 'user admin', 'Repo', 'repo%00', '*', 'user:email']) {
      const actors = withScopes()
      const { answer } = await beginLogin(
        actors,
        `/login/fake?scopes=${encodeURIComponent(scopes)}`,
      )
      await expectEnvelope(answer)
      expect([scopes, answer.status]).toEqual([scopes, 400])
      expect(actors.errors.map(({ code }) => code)).toEqual(['scope_not_allowed'])
      expect(actors.jar.cookies()).toEqual([])
    }
  })

  test('nothing else: no parameter of the protocol or of the provider S12', async () => {
    const evil = {
      client_id: 'evil',
      redirect_uri: 'https://evil.test/',
      response_type: 'token',
      response_mode: 'fragment',
      state: 'evil',
      nonce: 'evil',
      scope: 'admin',
      code_challenge: 'evil',
      code_challenge_method: 'plain',
      request: 'evil',
      request_uri: 'https://evil.test/',
      iss: 'https://evil.test',
      prompt: 'none',
      login_hint: 'evil',
    }
    const clean = await beginLogin(kit())
    const { url } = await beginLogin(kit(), `/login/fake?${new URLSearchParams(evil)}`)
    expect(url.href).not.toContain('evil')
    expect([...url.searchParams.keys()]).toEqual([...clean.url.searchParams.keys()])
  })
})

test('nobody sets a parameter of the protocol: not a preset, a handler or login() S5', async () => {
  const forged = {
    client_id: 'evil',
    redirect_uri: 'https://evil.test/',
    response_type: 'token',
    response_mode: 'evil',
    state: 'evil',
    nonce: 'evil',
    code_challenge: 'evil',
    code_challenge_method: 'plain',
    request: 'evil',
    request_uri: 'evil',
    iss: 'evil',
    State: 'evil',
  }
  const fake = fakeProvider()
  const providers = { fake: fake.provider({ authorizationParams: { ...forged, kept: 'preset' } }) }
  const actors = kit({ providers }, fake)
  actors.dance.events.on('beforeLogin', ({ params }) => {
    for (const [name, value] of Object.entries(forged)) params.set(name, value)
    params.set('handler', 'kept')
  })
  const app = actors.dance.wrap(async (_request, visit) => {
    const connection = await visit.connection('fake')
    return connection.login({ params: { ...forged, login: 'kept' }, prompt: 'consent' })
  })
  const answer = await actors.jar.send(app, `${origin}/`)
  const url = new URL(answer.headers.get('location') ?? '')
  expect(url.href).not.toContain('evil')
  expect(url.searchParams.get('code_challenge_method')).toBe('S256')
  const kept = { kept: 'preset', handler: 'kept', login: 'kept', prompt: 'consent' }
  expect(Object.fromEntries(url.searchParams)).toMatchObject(kept)
  const callback = await answerOf(actors, { answer, url, state: '' })
  expect((await actors.jar.send(actors.dance.handle, callback)).status).toBe(303)
})

describe('a login a script asks for', () => {
  const headers = {
    accept: 'application/json',
    'sec-fetch-mode': 'cors',
    'sec-fetch-site': 'same-origin',
  }

  test('answers { url } and sets the flow’s cookie', async () => {
    const actors = kit()
    const { dance, jar } = actors
    const answer = await jar.send(dance.handle, `${origin}/login/fake`, { headers })
    await expectEnvelope(answer)
    expect(answer.status).toBe(200)
    const { url, ...rest }: { url: string } = await answer.json()
    expect(rest).toEqual({})
    expect(new URL(url).origin).toBe(actors.fake.issuer)
    const callback = await answerOf(actors, { answer, url: new URL(url), state: '' })
    expect((await jar.send(dance.handle, callback, { site: 'cross-site' })).status).toBe(303)
  })

  test('fails as { error, message }, with the status of the page', async () => {
    const { dance, jar } = kit()
    for (const [path, status, error] of [
      ['/login/fake?scopes=admin', 400, 'scope_not_allowed'],
      ['/login/nobody', 404, 'not_found'],
      ['/login/fake/logout', 405, 'method_not_allowed'],
    ] as const) {
      const answer = await jar.send(dance.handle, origin + path, { headers })
      await expectEnvelope(answer)
      expect(answer.status).toBe(status)
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
      const body: object = await answer.json()
      expect(Object.keys(body)).toEqual(['error', 'message'])
      expect(body).toMatchObject({ error })
    }
  })

  test('is refused to other origins, whatever it accepts', async () => {
    for (const site of ['cross-site', 'same-site', 'none']) {
      const { dance, jar } = kit()
      const from = { ...headers, 'sec-fetch-site': site, origin: 'https://evil.test' }
      const answer = await jar.send(dance.handle, `${origin}/login/fake`, { headers: from })
      expect(answer.status).toBe(403)
      expect(await answer.json()).toMatchObject({ error: 'cross_origin' })
    }
  })
})

test('without an origin, a secret or credentials a login says so, before anything is sent NX-24', async () => {
  const fake = fakeProvider()
  const { clientId: _id, ...facts } = fake.provider().facts
  const bare = { ...fake.provider(), facts }
  for (const [options, code, word] of [
    [{ origin: undefined }, 'origin_missing', 'DANCE_ORIGIN'],
    [{ secret: undefined }, 'option_invalid', 'DANCE_SECRET'],
    [{ providers: { fake: bare } }, 'option_invalid', 'FAKE_OAUTH_CLIENT_ID'],
    [{ owner: () => 'alice', storage: memoryStorage(), secret: undefined }, 'option_invalid', ''],
  ] as const) {
    const actors = kit(options, fake)
    const { answer } = await beginLogin(actors)
    await expectEnvelope(answer)
    expect(answer.status).toBe(500)
    expect(actors.errors.map((error) => error.code)).toEqual([code])
    expect(actors.errors[0]?.message).toContain(word)
    expect(actors.jar.cookies()).toEqual([])
  }
})
