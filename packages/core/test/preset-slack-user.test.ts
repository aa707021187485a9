import { slackUser } from '@fetch-dance/providers/slack-user'
import { memoryStorage } from '@fetch-dance/testing'
import { createDance, type DanceError } from 'fetch-dance'
import { expect, test } from 'vitest'
import { origin, secret, travel } from './support/kit.ts'
import { presetLogin } from './support/preset-login.ts'

const grace = {
  ok: true,
  url: 'https://subarachnoid.slack.com/',
  team: 'Subarachnoid Workspace',
  user: 'grace',
  team_id: 'T0G9PQBBK',
  user_id: 'W23456789',
}

/** Slack as an app with token rotation meets it; `token` answers its token endpoint. */
function slackAnswering(token: (sent: URLSearchParams) => object, user: object = grace) {
  const asked: Request[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    asked.push(request.clone())
    const { pathname } = new URL(request.url)
    if (pathname !== '/api/oauth.v2.user.access') return Response.json(user)
    return Response.json(token(new URLSearchParams(await request.text())))
  }
  const errors: DanceError[] = []
  const known = { clientId: '21.69', clientSecret: 'a-secret' }
  const slack = slackUser({
    ...known,
    scopes: ['channels:read', 'users:read'],
    optionalScopes: ['channels:history'],
  })
  const dance = createDance({
    providers: { slack },
    secret,
    origin,
    fetch,
    storage: memoryStorage(),
    owner: () => '42',
    on: { error: ({ error }) => void errors.push(error) },
  })
  const logIn = (query?: string) => presetLogin(dance, 'slack', query ? { query } : {})
  const open = () => dance.connection({ provider: 'slack', owner: '42' })
  return { asked, errors, logIn, open }
}

/** A token as Slack answers it, with the number of times that it was refreshed. */
function rotating(number: number): object {
  return {
    ok: true,
    access_token: `xoxe.xoxp-canary-${number}`,
    refresh_token: `xoxe-1-${number}`,
    expires_in: 43_200,
    token_type: 'user',
    authed_user: { id: grace.user_id, scope: 'channels:read,users:read' },
    team: { id: grace.team_id, name: grace.team },
  }
}

test('slackUser() connects with comma-joined scopes and PKCE, and knows the person', async () => {
  const { asked, logIn, open } = slackAnswering(() => rotating(1))
  const { asking, answered } = await logIn('?scopes=channels:history')
  expect(asking.origin + asking.pathname).toBe('https://slack.com/oauth/v2_user/authorize')
  expect(asking.searchParams.get('scope')).toBe('channels:read,users:read,channels:history')
  expect(asking.searchParams.get('code_challenge_method')).toBe('S256')
  expect(answered.status).toBe(303)
  const sent = new URLSearchParams(await asked[0]?.text())
  expect([sent.get('client_id'), sent.get('client_secret')]).toEqual(['21.69', 'a-secret'])
  expect(sent.get('code_verifier')).not.toBeNull()
  const connection = await open()
  expect([connection.account, connection.status]).toEqual(['T0G9PQBBK.W23456789', 'ok'])
  expect(connection.scopes).toEqual(['channels:read', 'users:read', 'channels:history'])
  const profile = await connection.profile()
  expect(profile).toEqual({ id: 'T0G9PQBBK.W23456789', name: 'grace', raw: grace })
  await connection.fetch('/users.conversations')
  expect(asked.at(-1)?.url).toBe('https://slack.com/api/users.conversations')
  expect(await connection.disconnect()).toEqual({ remote: 'unsupported' })
})

test("slackUser() takes a token by OAuth's own name for it too", async () => {
  const scope = 'users:read' // of two
  const { logIn, open } = slackAnswering(() => ({ ...rotating(1), token_type: 'Bearer', scope }))
  expect((await logIn()).answered.status).toBe(303)
  expect((await open()).scopes).toEqual(['users:read'])
})

test.each([['DPoP'], ['']])('slackUser() takes no token of the type "%s"', async (token_type) => {
  const { errors, logIn } = slackAnswering(() => ({ ...rotating(1), token_type }))
  expect((await logIn()).answered.status).toBe(502)
  expect(errors.map(({ code }) => code)).toEqual(['provider_bad_response'])
})

test('slackUser() rotates its tokens, and ends where Slack knows the refresh token no more NX-08', async () => {
  let number = 0
  const { logIn, open } = slackAnswering((sent) => {
    if (number === 2) return { ok: false, error: 'invalid_refresh_token' }
    const expected = number === 0 ? null : `xoxe-1-${number}`
    expect(sent.get('refresh_token')).toBe(expected)
    number++
    return rotating(number)
  })
  await logIn()
  const undo = travel(43_200)
  try {
    expect((await (await open()).token()).accessToken).toBe('xoxe.xoxp-canary-2')
    travel(43_200)
    await expect((await open()).token()).rejects.toMatchObject({ code: 'login_required' })
    expect(await open()).toMatchObject({ status: 'needs_login', reason: 'revoked' })
  } finally {
    undo()
  }
})

test('slackUser() connects nobody where Slack does not say who it is', async () => {
  const { errors, logIn, open } = slackAnswering(() => rotating(1), {
    ok: false,
    error: 'invalid_auth',
  })
  expect((await logIn()).answered.status).toBe(502)
  expect(errors.map(({ code }) => code)).toEqual(['provider_bad_response'])
  expect((await open()).status).toBe('none')
})
