import { fakeProvider } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { createClient, outcomeOf } from './support/client.ts'

describe('fakeProvider() refreshes', () => {
  test('with rotation none: one token, used again and again, and none in the answer', async () => {
    const client = await createClient(fakeProvider())
    const first = await client.connect()
    for (let round = 0; round < 3; round += 1) {
      const fresh = await (await client.refresh(first.refresh_token)).json()
      expect('refresh_token' in fresh).toBe(false)
      expect((await client.api('/user', fresh.access_token)).status).toBe(200)
    }
  })

  test('with rotation strict: a spent token, sent again, ends the grant', async () => {
    const fake = fakeProvider({ rotation: 'strict' })
    const client = await createClient(fake)
    const first = await client.connect()
    const second = await (await client.refresh(first.refresh_token)).json()
    expect(fake.grants).toBe(1)
    expect(await outcomeOf(client.refresh(first.refresh_token))).toBe('400 invalid_grant')
    expect(fake.grants).toBe(0)
    expect(await outcomeOf(client.refresh(second.refresh_token))).toBe('400 invalid_grant')
    expect((await client.api('/user', second.access_token)).status).toBe(401)
  })

  test('with rotation strict: twenty at once leave nothing', async () => {
    const fake = fakeProvider({ rotation: 'strict' })
    const client = await createClient(fake)
    const { refresh_token } = await client.connect()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => client.refresh(refresh_token)),
    )
    expect(answers.filter(({ ok }) => ok).length).toBe(1)
    expect(fake.grants).toBe(0)
  })

  test('with rotation grace: the old token works 60 s longer', async () => {
    const fake = fakeProvider({ rotation: 'grace' })
    const client = await createClient(fake)
    const { refresh_token } = await client.connect()
    expect(await outcomeOf(client.refresh(refresh_token))).toBe('200 ok')
    fake.tick(59)
    expect(await outcomeOf(client.refresh(refresh_token))).toBe('200 ok')
    fake.tick(1)
    expect(await outcomeOf(client.refresh(refresh_token))).toBe('400 invalid_grant')
  })

  test('within the refresh token’s life, and tells it', async () => {
    const fake = fakeProvider({ refreshExpiresIn: 100 })
    const client = await createClient(fake)
    const tokens = await client.connect()
    expect(tokens.refresh_token_expires_in).toBe(100)
    fake.tick(100)
    expect(await outcomeOf(client.refresh(tokens.refresh_token))).toBe('400 invalid_grant')
  })

  test('for fewer scopes, not for more', async () => {
    const client = await createClient(fakeProvider())
    const { refresh_token } = await client.connect()
    expect((await (await client.refresh(refresh_token, { scope: 'email' })).json()).scope).toBe(
      'email',
    )
    expect(await outcomeOf(client.refresh(refresh_token, { scope: 'email admin' }))).toBe(
      '400 invalid_scope',
    )
  })
})

describe('fakeProvider() ends', () => {
  test('an access token when its clock says so, and refuses it by the book', async () => {
    const fake = fakeProvider({ expiresIn: 60 })
    const client = await createClient(fake)
    const { access_token } = await client.connect()
    fake.tick(59)
    expect((await client.api('/user', access_token)).status).toBe(200)
    fake.tick(1)
    const answer = await client.api('/user', access_token)
    expect(answer.headers.get('www-authenticate')).toBe(
      'Bearer realm="fake", error="invalid_token"',
    )
    expect(answer.status).toBe(401)
    expect((await client.api('/user')).headers.get('www-authenticate')).toBe('Bearer realm="fake"')
  })

  test('a whole grant when its refresh token is revoked, and answers 200 to any token S24', async () => {
    const fake = fakeProvider()
    const client = await createClient(fake)
    const tokens = await client.connect()
    const revoke = (token: string) =>
      fake.fetch(`${fake.issuer}/revoke`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa('fake-client:fake-client-secret')}` },
        body: new URLSearchParams({ token }),
      })
    expect((await revoke('unknown')).status).toBe(200)
    expect(fake.grants).toBe(1)
    expect((await revoke(tokens.refresh_token ?? '')).status).toBe(200)
    expect(fake.grants).toBe(0)
    expect((await client.api('/user', tokens.access_token)).status).toBe(401)
    expect(fake.requests.revoke.length).toBe(2)
  })

  test('access tokens alone with dropAccessTokens()', async () => {
    const fake = fakeProvider()
    const client = await createClient(fake)
    const tokens = await client.connect()
    fake.dropAccessTokens()
    expect((await client.api('/user', tokens.access_token)).status).toBe(401)
    expect(await outcomeOf(client.refresh(tokens.refresh_token))).toBe('200 ok')
  })
})
