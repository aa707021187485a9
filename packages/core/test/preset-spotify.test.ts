import { spotify } from '@fetch-dance/providers/spotify'
import { memoryStorage } from '@fetch-dance/testing'
import { createDance, type DanceError } from 'fetch-dance'
import { expect, test } from 'vitest'
import { origin, secret, travel } from './support/kit.ts'
import { presetLogin } from './support/preset-login.ts'

/** Spotify as far as a login and a refresh ask it; `user` is what it answers about the person. */
function spotifyAnswering(user: unknown) {
  const asked: Request[] = []
  const state = { revoked: false }
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    asked.push(request.clone())
    const { href } = new URL(request.url)
    if (href !== 'https://accounts.spotify.com/api/token') return Response.json(user)
    if (state.revoked) return Response.json({ error: 'invalid_grant' }, { status: 400 })
    const sent = new URLSearchParams(await request.text())
    const isLogin = sent.get('grant_type') === 'authorization_code'
    return Response.json({
      access_token: isLogin ? 'spotify-canary' : 'spotify-fresh',
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'user-read-email',
      ...(isLogin && { refresh_token: 'spotify-refresh' }), // a refresh may leave it out
    })
  }
  const errors: DanceError[] = []
  const dance = createDance({
    providers: { spotify: spotify({ clientId: 'an-id', clientSecret: 'a-secret' }) },
    secret,
    origin,
    fetch,
    storage: memoryStorage(),
    owner: () => '42',
    on: { error: ({ error }) => void errors.push(error) },
  })
  const logIn = () => presetLogin(dance, 'spotify')
  const open = () => dance.connection({ provider: 'spotify', owner: '42' })
  return { asked, errors, logIn, open, state }
}

const ellen = {
  id: 'ellen',
  account_id: '4c5b0f',
  display_name: 'Ellen',
  email: 'ellen@example.com',
  images: [{ url: 'https://i.scdn.co/image/1', height: 64, width: 64 }],
}

test('spotify() connects with PKCE and basic authentication, and knows the account', async () => {
  const { asked, logIn, open } = spotifyAnswering(ellen)
  const { asking, answered } = await logIn()
  expect(asking.origin + asking.pathname).toBe('https://accounts.spotify.com/authorize')
  expect(asking.searchParams.get('scope')).toBe('user-read-email')
  expect(asking.searchParams.get('code_challenge_method')).toBe('S256')
  expect(answered.status).toBe(303)
  expect(asked[0]?.headers.get('authorization')).toMatch(/^Basic /)
  const connection = await open()
  expect([connection.account, connection.status]).toEqual(['4c5b0f', 'ok'])
  expect(await connection.profile()).toEqual({
    id: '4c5b0f',
    name: 'Ellen',
    email: 'ellen@example.com',
    emailVerified: false,
    picture: 'https://i.scdn.co/image/1',
    raw: ellen,
  })
  await connection.fetch('/me/top/tracks')
  expect(asked.at(-1)?.url).toBe('https://api.spotify.com/v1/me/top/tracks')
  expect(await connection.disconnect()).toEqual({ remote: 'unsupported' })
})

test('spotify() knows an account without a name, a picture or an account_id by its id', async () => {
  const user = { id: 'smedjan', display_name: null, images: [] }
  const { logIn, open } = spotifyAnswering(user)
  await logIn()
  expect(await (await open()).profile()).toEqual({ id: 'smedjan', name: 'smedjan', raw: user })
})

test('spotify() keeps its refresh token until Spotify ends it NX-08', async () => {
  const { asked, errors, logIn, open, state } = spotifyAnswering(ellen)
  await logIn()
  const undo = travel(3600)
  try {
    expect((await (await open()).token()).accessToken).toBe('spotify-fresh')
    travel(3600)
    await (await open()).token()
    const sent = new URLSearchParams(await asked.at(-1)?.text())
    expect(sent.get('refresh_token')).toBe('spotify-refresh')
    state.revoked = true
    travel(3600)
    await expect((await open()).token()).rejects.toMatchObject({ code: 'login_required' })
    expect(await open()).toMatchObject({ status: 'needs_login', reason: 'revoked' })
    expect(errors).toEqual([])
  } finally {
    undo()
  }
})

test.each([
  ['nobody', { error: { status: 403, message: 'User not registered' } }],
  ['null', { id: null }],
])('spotify() connects no account where the profile names %s', async (_, user) => {
  const { errors, logIn, open } = spotifyAnswering(user)
  expect((await logIn()).answered.status).toBe(502)
  expect(errors.map(({ code }) => code)).toEqual(['provider_bad_response'])
  expect((await open()).status).toBe('none')
})
