import { x } from '@fetch-dance/providers/x'
import { memoryStorage } from '@fetch-dance/testing'
import { createDance, type DanceError } from 'fetch-dance'
import { expect, test } from 'vitest'
import { origin, secret, travel } from './support/kit.ts'
import { presetLogin } from './support/preset-login.ts'

/** X as far as a login asks it; `answer` is what it says of the person. */
function xAnswering(answer: unknown) {
  const asked: Request[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    asked.push(request)
    const { pathname } = new URL(request.url)
    if (pathname === '/2/users/me') return Response.json(answer)
    if (pathname !== '/2/oauth2/token') return Response.json({ revoked: true })
    if ((await request.clone().text()).includes('grant_type=refresh_token')) {
      const error_description = 'Value passed for the token was invalid.'
      return Response.json({ error: 'invalid_request', error_description }, { status: 400 })
    }
    const scope = 'tweet.write users.read offline.access'
    const token = { access_token: 'x-canary', refresh_token: 'x-refresh', expires_in: 7200 }
    return Response.json({ ...token, token_type: 'bearer', scope })
  }
  const errors: DanceError[] = []
  const scopes = ['users.read', 'tweet.write']
  const dance = createDance({
    providers: { x: x({ clientId: 'an-id', clientSecret: 'a-secret', scopes, offline: true }) },
    secret,
    origin,
    fetch,
    storage: memoryStorage(),
    owner: 'club',
    authorizeLogin: () => true,
    on: { error: ({ error }) => void errors.push(error) },
  })
  const logIn = () => presetLogin(dance, 'x')
  return { asked, dance, errors, logIn }
}

test('x() connects, knows the account and revokes the refresh token A-01 A-08', async () => {
  const data = { id: '2244994945', name: 'The club', username: 'club' }
  const { asked, dance, logIn } = xAnswering({ data })
  const { asking, answered } = await logIn()
  expect(asking.origin + asking.pathname).toBe('https://x.com/i/oauth2/authorize')
  expect(asking.searchParams.get('scope')).toBe('users.read tweet.write offline.access')
  expect(answered.status).toBe(303)
  const connection = await dance.connection({ provider: 'x', owner: 'club' })
  expect([connection.account, connection.status]).toEqual(['2244994945', 'ok'])
  expect(await connection.profile()).toEqual({ id: '2244994945', name: 'The club', raw: data })
  expect(await connection.disconnect()).toEqual({ remote: 'revoked' })
  const revoking = asked.at(-1)
  expect(revoking?.url).toBe('https://api.x.com/2/oauth2/revoke')
  expect(new URLSearchParams(await revoking?.text()).get('token')).toBe('x-refresh')
})

test('x() ends where X knows the refresh token no more NX-08', async () => {
  const { dance, logIn } = xAnswering({ data: { id: '1', name: 'The club', username: 'club' } })
  await logIn()
  const undo = travel(7200)
  try {
    const connection = await dance.connection({ provider: 'x', owner: 'club' })
    await expect(connection.token()).rejects.toMatchObject({ code: 'login_required' })
    expect(connection).toMatchObject({ status: 'needs_login', reason: 'revoked' })
  } finally {
    undo()
  }
})

test.each([
  ['is missing', { errors: [{ title: 'Forbidden' }] }],
  ['is null', { data: null }],
  ['is a list', { data: [{ id: '1', username: 'club' }] }],
  ['names nobody', { data: { username: 'club' } }],
])('x() connects no account where the profile %s', async (_, answer) => {
  const { errors, logIn } = xAnswering(answer)
  expect((await logIn()).answered.status).toBe(502)
  expect(errors.map(({ code }) => code)).toEqual(['provider_bad_response'])
})
