import { fakeProvider } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { createClient, outcomeOf } from './support/client.ts'

describe('fakeProvider() exchanges a code', () => {
  test('for tokens that open the API', async () => {
    const fake = fakeProvider()
    const client = await createClient(fake)
    const tokens = await client.connect()
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 3600, scope: 'repo email' })
    const answer = await client.api('/user', tokens.access_token)
    expect(await answer.json()).toMatchObject({ login: 'octocat', id: '583231' })
    expect(fake.tokenRequests.length).toBe(1)
    expect(await fake.tokenRequests[0]?.clone().text()).toContain('grant_type=authorization_code')
  })

  test('once, and ends the grant when the code comes again', async () => {
    const client = await createClient(fakeProvider())
    const code = (await client.consent()).get('code')
    const tokens = await (await client.exchange(code)).json()
    expect(await outcomeOf(client.exchange(code))).toBe('400 invalid_grant')
    expect((await client.api('/user', tokens.access_token)).status).toBe(401)
    expect(await outcomeOf(client.refresh(tokens.refresh_token))).toBe('400 invalid_grant')
  })

  test('for one of two requests at the same time', async () => {
    const client = await createClient(fakeProvider())
    const code = (await client.consent()).get('code')
    const answers = await Promise.all([client.exchange(code), client.exchange(code)])
    expect(answers.map(({ ok }) => ok).filter((ok) => ok).length).toBeLessThan(2)
  })

  test('within a minute', async () => {
    const fake = fakeProvider()
    const client = await createClient(fake)
    const code = (await client.consent()).get('code')
    fake.tick(60)
    expect(await outcomeOf(client.exchange(code))).toBe('400 invalid_grant')
  })

  const refused: [what: string, changes: Record<string, string>][] = [
    ['another verifier F-13', { code_verifier: 'w'.repeat(43) }],
    ['no verifier', { code_verifier: '' }],
    ['another redirect URI', { redirect_uri: 'https://app.test/login/fake/callback/' }],
    ['an unknown code', { code: 'code_unknown' }],
  ]
  for (const [what, changes] of refused) {
    test(`not with ${what}`, async () => {
      const client = await createClient(fakeProvider())
      const code = (await client.consent()).get('code')
      expect(await outcomeOf(client.exchange(code, changes))).toBe('400 invalid_grant')
    })
  }

  test('for the scopes granted, said as it is told to NX-07', async () => {
    const narrow = await createClient(fakeProvider({ granted: ['email'] }))
    expect((await narrow.connect()).scope).toBe('email')
    const commas = await createClient(fakeProvider({ scopeSeparator: ',' }))
    expect((await commas.connect()).scope).toBe('repo,email')
    const silent = await createClient(fakeProvider({ omitScope: true }))
    expect('scope' in (await silent.connect())).toBe(false)
  })

  test('without a refresh token or an expiry where it is told to', async () => {
    const client = await createClient(fakeProvider({ refreshToken: false, expiresIn: null }))
    expect(Object.keys(await client.connect()).sort()).toEqual([
      'access_token',
      'scope',
      'token_type',
    ])
  })
})

describe('fakeProvider() knows its app', () => {
  const basic = (text: string) => ({ authorization: `Basic ${btoa(text)}` })
  const right = 'fake-client:fake-client-secret'
  const post = { client_id: 'fake-client', client_secret: 'fake-client-secret' }
  const form = { grant_type: 'refresh_token', refresh_token: 'unknown' }

  test('by Basic, form-encoded or raw, or by a secret in the body', async () => {
    const client = await createClient(fakeProvider())
    expect(await outcomeOf(client.token(form, basic(right)))).toBe('400 invalid_grant')
    expect(await outcomeOf(client.token(form, basic(right.replaceAll('-', '%2D'))))).toBe(
      '400 invalid_grant',
    )
    expect(await outcomeOf(client.token({ ...form, ...post }, {}))).toBe('400 invalid_grant')
  })

  test('and nobody else', async () => {
    const client = await createClient(fakeProvider())
    for (const text of ['fake-client:wrong', 'other:fake-client-secret', '%zz:%zz', '']) {
      const answer = await client.token(form, basic(text))
      expect(answer.headers.get('www-authenticate')).toContain('Basic')
      expect(await outcomeOf(answer)).toBe('401 invalid_client')
    }
    expect(await outcomeOf(client.token({ ...form, client_id: 'fake-client' }, {}))).toBe(
      '401 invalid_client',
    )
  })

  test('by one method at a time S8', async () => {
    const client = await createClient(fakeProvider())
    expect(await outcomeOf(client.token({ ...form, ...post }, basic(right)))).toBe(
      '400 invalid_request',
    )
  })

  test('by the method it wants', async () => {
    const postOnly = await createClient(fakeProvider({ clientAuth: 'post' }))
    expect(await outcomeOf(postOnly.token(form, basic(right)))).toBe('401 invalid_client')
    const publicOnly = await createClient(fakeProvider({ clientAuth: 'none' }))
    expect(await outcomeOf(publicOnly.token({ ...form, client_id: 'fake-client' }, {}))).toBe(
      '400 invalid_grant',
    )
  })

  test('and refuses GET, JSON and repeated parameters', async () => {
    const fake = fakeProvider()
    const url = `${fake.issuer}/token`
    expect((await fake.fetch(`${url}?grant_type=refresh_token`)).status).toBe(405)
    expect(await outcomeOf(fake.fetch(url, { method: 'POST', body: '{}' }))).toBe(
      '400 invalid_request',
    )
    const body = new URLSearchParams('grant_type=refresh_token&grant_type=authorization_code')
    expect(await outcomeOf(fake.fetch(url, { method: 'POST', body }))).toBe('400 invalid_request')
  })
})
