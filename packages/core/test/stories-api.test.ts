import { cookieJar, fakeProvider, joinFakes, signedInJar, walkDance } from '@fetch-dance/testing'
import { oauth2Provider, oidcProvider, type Token, type Visit } from 'fetch-dance'
import { describe, expect, test } from 'vitest'
import { danceCookies } from './support/dancing.ts'
import { kit, origin } from './support/kit.ts'

const page = `${origin}/`

type Connection = Awaited<ReturnType<Visit['require']>>

/** Makes one call within a visit of somebody who is connected. */
async function call(
  make: (connection: Connection) => Promise<Response>,
  preset: object = {},
  token: Partial<Token> = {},
) {
  const fake = fakeProvider()
  const { dance } = kit({ providers: { fake: fake.provider(preset) } }, fake)
  const issued = { ...fake.issueToken(), ...token }
  const jar = await signedInJar(dance, 'fake', issued)
  const app = dance.wrap(async (_request, visit) => make(await visit.require('fake')))
  const answer = await jar.send(app, page).catch((error: { code: string }) => error.code)
  const sent = [...fake.requests.api, ...fake.requests.elsewhere].map(({ url, headers }) => {
    return [url, headers.get('authorization') === `Bearer ${issued.accessToken}`] as const
  })
  return { fake, answer, sent, issued }
}

describe('connection.fetch()', () => {
  test.each([
    ['/user', 'https://fake.test/api/user'],
    ['user?x=1', 'https://fake.test/api/user?x=1'],
    ['//user', 'https://fake.test/api//user'],
    ['https://fake.test/api/other', 'https://fake.test/api/other'],
    ['/../userinfo', 'https://fake.test/userinfo'],
  ])('joins %s to the path of apiBase NX-13 [G10]', async (input, url) => {
    const { sent, fake } = await call((connection) => connection.fetch(input))
    const all = [...sent.map(([to]) => to), ...fake.requests.userinfo.map((request) => request.url)]
    expect(all).toEqual([url])
  })

  test.each([
    'https://other.test/api/user',
    'https://fake.test.evil.test/',
    'https://fake.test:8443/',
    'http://fake.test/api/user',
    'https://fake.test@evil.test/',
  ])('sends no credentials to %s NX-13 [G10]', async (input) => {
    const { sent, answer } = await call((connection) => connection.fetch(input))
    expect(sent.filter(([, bearer]) => bearer)).toEqual([])
    expect(answer).toMatch(/provider_unreachable|address_refused|internal|option_invalid/)
  })

  test('drops the credentials at a redirect to another origin, and keeps them at one within NX-13 [G10]', async () => {
    const to = (url: string) => `/redirect?to=${encodeURIComponent(url)}`
    const headers = { 'x-own': '1', cookie: 'a=b' }
    const left = await call((connection) =>
      connection.fetch(to('https://other.test/steal'), { headers }),
    )
    expect(left.sent.map(([url, bearer]) => [new URL(url).host, bearer])).toEqual([
      ['fake.test', true],
      ['other.test', false],
    ])
    expect(left.fake.requests.elsewhere[0]?.headers.get('cookie')).toBeNull()
    const stayed = await call((connection) => connection.fetch(to('https://fake.test/api/user')))
    expect(stayed.sent.map(([, bearer]) => bearer)).toEqual([true, true])
  })

  test('does not give them back to a redirect that returns NX-13 [G10]', async () => {
    const [api, other] = [fakeProvider(), fakeProvider({ issuer: 'https://other.test' })]
    const fetch = joinFakes(api, other)
    const back = 'https://fake.test/api/user'
    other.fault({ endpoint: '/api/bounce', redirect: back })
    const { dance } = kit({ fetch }, api)
    const jar = await signedInJar(dance, 'fake', api.issueToken())
    const app = dance.wrap(async (_request, visit) => {
      const connection = await visit.require('fake')
      return connection.fetch(`/redirect?to=${encodeURIComponent('https://other.test/api/bounce')}`)
    })
    await jar.send(app, page)
    expect(other.requests.api[0]?.headers.get('authorization')).toBeNull()
    const returned = api.requests.api.filter(({ url }) => url === back)
    expect(returned.map(({ headers }) => headers.get('authorization'))).toEqual([null])
  })

  test("gives credentials to the declared origins alone, over a caller's own [G10]", async () => {
    const apiOrigins = ['https://fake.test']
    const own = { headers: { authorization: 'Bearer of-the-caller' } }
    const { sent } = await call((connection) => connection.fetch('/user', own), { apiOrigins })
    expect(sent).toEqual([['https://fake.test/api/user', true]])
    const other = await call((connection) => connection.fetch('/user'), {
      apiOrigins: ['https://only.test'],
    })
    expect(other.sent).toEqual([['https://fake.test/api/user', false]])
  })

  test('repeats a text after a 401, and never a stream NX-11', async () => {
    const post =
      (body: BodyInit, o: object = {}) =>
      (connection: Connection) =>
        connection.fetch('/texts', { method: 'POST', body, ...o })
    const stale = { accessToken: 'refused-early' }
    const text = await call(post('hello'), {}, stale)
    expect(await (text.answer as Response).json()).toMatchObject({ body: 'hello' }) // not a code: it answered
    const stream = new Response('hello').body
    if (!stream) throw new Error('this runtime makes no streams')
    const streamed = await call(post(stream, { duplex: 'half' }), {}, stale)
    expect((streamed.answer as Response).status).toBe(401) // not a code: the API's own answer
    expect(streamed.fake.requests.api.length).toBe(1)
  })

  test('ends a redirect chain after five hops', async () => {
    const fake = fakeProvider()
    const { dance } = kit({}, fake)
    const jar = await signedInJar(dance, 'fake', fake.issueToken())
    fake.fault({
      endpoint: 'api',
      redirect: 'https://fake.test/api/again',
      times: Number.POSITIVE_INFINITY,
    })
    const app = dance.wrap(async (_request, visit) => (await visit.require('fake')).fetch('/user'))
    await expect(jar.send(app, page)).rejects.toMatchObject({ code: 'provider_bad_response' })
    expect(fake.requests.api.length).toBe(6)
  })
})

test.each([
  ['OAuth 2', false],
  ['OpenID Connect', true],
])('a provider that is on no list, over %s, in six lines A-18', async (_name, oidc) => {
  const fake = fakeProvider({
    issuer: 'https://own.test',
    oidc,
    clientId: 'id',
    clientSecret: 'shh',
  })
  const own = oidc
    ? oidcProvider({ id: 'own', issuer: 'https://own.test', apiBase: 'https://own.test/api' })
    : oauth2Provider({
        id: 'own',
        authorizationEndpoint: 'https://own.test/authorize',
        tokenEndpoint: 'https://own.test/token',
        apiBase: 'https://own.test/api',
      })
  const env = { OWN_OAUTH_CLIENT_ID: 'id', OWN_OAUTH_CLIENT_SECRET: 'shh' }
  const { dance, jar } = kit({ providers: { own }, env }, fake)
  const app = dance.wrap(async (_request, visit) => (await visit.require('own')).fetch('/user'))
  expect(await (await walkDance(app, fake, page, jar)).json()).toMatchObject({ login: 'octocat' })
  fake.dropAccessTokens()
  expect((await jar.send(app, page)).status).toBe(200)
  const logout = await jar.send(app, `${origin}/login/own/logout`, { method: 'POST' })
  expect([logout.status, danceCookies(jar)]).toEqual([303, []])
})

test('the same preset twice under two names: two callbacks, two tokens, two credentials NX-25 S13', async () => {
  const fake = fakeProvider()
  const providers = { work: fake.provider(), 'play-2': fake.provider({ clientId: undefined }) }
  const env = { PLAY_2_OAUTH_CLIENT_ID: 'fake-client' }
  const { dance } = kit({ providers, env }, fake)
  const jar = cookieJar()
  for (const [name, id] of [
    ['work', '1'],
    ['play-2', '2'],
  ] as const) {
    fake.set({ person: { id } })
    await walkDance(dance.handle, fake, `${origin}/login/${name}`, jar)
  }
  const redirects = fake.requests.authorize.map(({ url }) =>
    new URL(url).searchParams.get('redirect_uri'),
  )
  expect(redirects).toEqual([`${origin}/login/work/callback`, `${origin}/login/play-2/callback`])
  const app = dance.wrap(async (_request, visit) => {
    const [work, play] = [await visit.require('work'), await visit.require('play-2')]
    await work.disconnect()
    return Response.json([(await play.profile()).id, work.status, play.status])
  })
  expect(await (await jar.send(app, page)).json()).toEqual(['2', 'none', 'ok'])
})
