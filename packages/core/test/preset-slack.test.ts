import { slack } from '@fetch-dance/providers/slack'
import { cookieJar, fakeProvider, memoryStorage, walkDance } from '@fetch-dance/testing'
import { createDance, type DanceError } from 'fetch-dance'
import { expect, test } from 'vitest'
import { origin, secret } from './support/kit.ts'

/** Where Slack's discovery document says that its endpoints are, and where the fake has them. */
const endpoints = {
  authorization_endpoint: ['https://slack.com/openid/connect/authorize', '/authorize'],
  token_endpoint: ['https://slack.com/api/openid.connect.token', '/token'],
  userinfo_endpoint: ['https://slack.com/api/openid.connect.userInfo', '/userinfo'],
  jwks_uri: ['https://slack.com/openid/connect/keys', '/jwks'],
} as const

const claims = { 'https://slack.com/user_id': 'U0R7MFMJM', 'https://slack.com/team_id': 'T0R7GR' }

/** Slack's OpenID provider, at its own addresses. */
function signInWithSlack() {
  const known = { issuer: 'https://slack.com', clientId: '21.69', clientSecret: 'a-secret' }
  const fake = fakeProvider({
    ...known,
    oidc: true,
    iss: false,
    clientAuth: 'post',
    revocation: false,
    omitScope: true,
    refreshToken: false,
    expiresIn: null,
    person: { id: 'U0R7MFMJM' },
    tamper: {
      metadata: (metadata) => ({
        ...metadata,
        ...Object.fromEntries(Object.entries(endpoints).map(([name, [url]]) => [name, url])),
      }),
      token: (body) => ({ ok: true, ...body }),
      userinfo: (answer) => ({ ok: true, ...answer, ...claims }),
    },
  })
  const fetch: typeof globalThis.fetch = (input, init) => {
    const request = new Request(input, init)
    const { origin: at, pathname, search } = new URL(request.url)
    const found = Object.values(endpoints).find(([url]) => url === at + pathname)
    if (!found) return fake.fetch(request)
    return fake.fetch(new Request(fake.issuer + found[1] + search, request))
  }
  const errors: DanceError[] = []
  const dance = createDance({
    providers: { slack: slack({ clientId: known.clientId, clientSecret: known.clientSecret }) },
    secret,
    origin,
    fetch,
    storage: memoryStorage(),
    owner: () => '42',
    on: { error: ({ error }) => void errors.push(error) },
  })
  const app = dance.wrap(() => new Response('hello'))
  const logIn = () => walkDance(app, { ...fake, fetch }, `${origin}/login/slack`)
  return { dance, errors, fake, logIn }
}

test('slack() signs in, and knows the person and the workspace', async () => {
  const { dance, errors, fake, logIn } = signInWithSlack()
  const begun = await cookieJar().send(dance.handle, `${origin}/login/slack`)
  const asking = new URL(begun.headers.get('location') ?? '')
  expect(asking.origin + asking.pathname).toBe('https://slack.com/openid/connect/authorize')
  expect(asking.searchParams.get('scope')).toBe('openid email profile')
  expect(asking.searchParams.get('code_challenge_method')).toBe('S256')

  expect((await logIn()).status).toBe(200)
  expect(errors).toEqual([])
  const sent = new URLSearchParams(await fake.tokenRequests[0]?.clone().text())
  expect([sent.get('client_id'), sent.has('client_secret')]).toEqual(['21.69', true])
  const connection = await dance.connection({ provider: 'slack', owner: '42' })
  expect(connection.account).toBe('https://slack.com|U0R7MFMJM')
  expect(connection.scopes).toEqual(['openid', 'email', 'profile'])
  expect(await connection.profile()).toMatchObject({
    id: 'U0R7MFMJM',
    name: 'Mona Octocat',
    emailVerified: true,
    raw: { 'https://slack.com/team_id': 'T0R7GR' },
  })
  expect(await connection.disconnect()).toEqual({ remote: 'unsupported' })
})

test.each([
  ['invalid_code', 'grant_refused'],
  ['bad_client_secret', 'provider_error'],
])("slack() reads Slack's error %s, though its status is 200", async (error, code) => {
  const { dance, errors, fake, logIn } = signInWithSlack()
  fake.set({ tamper: { token: () => ({ ok: false, error }) } })
  await logIn()
  expect(errors.map((one) => one.code)).toEqual([code])
  expect((await dance.connection({ provider: 'slack', owner: '42' })).status).toBe('none')
})
