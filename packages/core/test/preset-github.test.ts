import { github } from '@fetch-dance/providers/github'
import { memoryStorage } from '@fetch-dance/testing'
import { createDance, type DanceError } from 'fetch-dance'
import { expect, test } from 'vitest'
import { origin, secret } from './support/kit.ts'
import { presetLogin } from './support/preset-login.ts'

/** GitHub as far as a login asks it; `user` is what it answers about the person. */
function gitHub(user: unknown) {
  const asked: Request[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    asked.push(request)
    const { hostname, pathname } = new URL(request.url)
    if (hostname === 'github.com') {
      const scope = 'read:user,user:email'
      return Response.json({ access_token: 'gho_canary', token_type: 'bearer', scope })
    }
    return pathname === '/user' ? Response.json(user) : new Response(null, { status: 204 })
  }
  const errors: DanceError[] = []
  const dance = createDance({
    providers: { github: github({ clientId: 'an-id', clientSecret: 'a-secret' }) },
    secret,
    origin,
    fetch,
    storage: memoryStorage(),
    owner: () => '42',
    on: { error: ({ error }) => void errors.push(error) },
  })
  const iss = 'https://github.com/login/oauth'
  const logIn = async () => (await presetLogin(dance, 'github', { iss })).answered
  return { asked, dance, errors, logIn }
}

test('github() connects, knows the account and revokes the grant A-08', async () => {
  const { asked, dance, logIn } = gitHub({ id: 583231, login: 'octocat', name: null })
  expect((await logIn()).status).toBe(303)
  const connection = await dance.connection({ provider: 'github', owner: '42' })
  expect(connection.account).toBe('583231')
  expect(connection.scopes).toEqual(['read:user', 'user:email'])
  expect(await connection.profile()).toMatchObject({ id: '583231', name: 'octocat' })
  expect(await connection.disconnect()).toEqual({ remote: 'revoked' })
  const last = asked.at(-1)
  expect(last?.method).toBe('DELETE')
  expect(last?.url).toBe('https://api.github.com/applications/an-id/grant')
  expect(await last?.json()).toEqual({ access_token: 'gho_canary' })
})

test.each([
  ['nobody', { message: 'moved' }],
  ['null', { id: null, login: 'octocat' }],
])('github() connects no account where the profile names %s', async (_, user) => {
  const { dance, errors, logIn } = gitHub(user)
  expect((await logIn()).status).toBe(502)
  expect(errors.map(({ code }) => code)).toEqual(['provider_bad_response'])
  expect((await dance.connection({ provider: 'github', owner: '42' })).status).toBe('none')
})
