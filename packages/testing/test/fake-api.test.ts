import { fakeProvider, joinFakes } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { createClient } from './support/client.ts'

describe('fakeProvider() as an API', () => {
  test('echoes what it was asked, without the token', async () => {
    const fake = fakeProvider()
    const { accessToken } = fake.issueToken()
    const headers = { authorization: `Bearer ${accessToken}`, 'x-a': 'b' }
    const answer = await fake.fetch(`${fake.issuer}/api/things?x=1`, {
      method: 'POST',
      headers,
      body: 'text',
    })
    const text = await answer.text()
    expect(JSON.parse(text)).toMatchObject({
      method: 'POST',
      path: '/things',
      query: '?x=1',
      body: 'text',
    })
    expect(text).not.toContain(accessToken)
  })

  test('wants a scope where it is asked to', async () => {
    const fake = fakeProvider()
    const client = await createClient(fake)
    const { accessToken } = fake.issueToken({ scopes: ['email'] })
    expect((await client.api('/needs?scope=email', accessToken)).status).toBe(200)
    const refusal = await client.api('/needs?scope=repo', accessToken)
    expect(refusal.status).toBe(403)
    expect(refusal.headers.get('www-authenticate')).toContain(
      'error="insufficient_scope", scope="repo"',
    )
  })

  test('is another person when it is told so', async () => {
    const fake = fakeProvider({ person: { login: 'hubot' } })
    const client = await createClient(fake)
    expect(await (await client.api('/user', fake.issueToken().accessToken)).json()).toMatchObject({
      login: 'hubot',
      id: '583231',
    })
    fake.set({ person: { id: '2' } })
    expect(await (await client.api('/user', fake.issueToken().accessToken)).json()).toMatchObject({
      login: 'hubot',
      id: '2',
    })
  })

  test('fails for hosts that are not its own, and knows who asked', async () => {
    const fake = fakeProvider({ issuer: 'https://fake.test/tenant' })
    await expect(fake.fetch('https://evil.test/')).rejects.toThrow(TypeError)
    await expect(fake.fetch('https://fake.test/tenants/token')).rejects.toThrow(TypeError)
    expect(fake.requests.elsewhere.map(({ url }) => url)).toEqual([
      'https://evil.test/',
      'https://fake.test/tenants/token',
    ])
    expect((await fake.fetch('https://fake.test/tenant/nothing')).status).toBe(404)
  })

  test('follows redirects as fetch does, the token left behind at another origin NX-13', async () => {
    const fake = fakeProvider()
    const client = await createClient(fake)
    const { accessToken } = fake.issueToken()
    const inside = await client.api(`/redirect?to=${encodeURIComponent('/api/user')}`, accessToken)
    expect(await inside.json()).toMatchObject({ login: 'octocat' })
    await expect(
      client.api(`/redirect?to=${encodeURIComponent('https://evil.test/x')}`, accessToken),
    ).rejects.toThrow(TypeError)
    expect(fake.requests.elsewhere[0]?.headers.has('authorization')).toBe(false)
  })

  test('names every secret it knows', async () => {
    const fake = fakeProvider()
    const client = await createClient(fake)
    const tokens = await client.connect()
    for (const secret of [
      tokens.access_token,
      tokens.refresh_token,
      'fake-client-secret',
      'v'.repeat(43),
    ]) {
      expect(fake.secrets()).toContain(secret)
    }
  })
})

test('joinFakes() sends each request to its own provider', async () => {
  const [work, home] = [
    fakeProvider({ issuer: 'https://work.test' }),
    fakeProvider({ issuer: 'https://home.test' }),
  ]
  const fetch = joinFakes(work, home)
  expect((await fetch('https://home.test/api/user')).status).toBe(401)
  expect((await fetch(new URL('https://work.test/api/user'))).status).toBe(401)
  await expect(fetch(new Request('https://evil.test/'))).rejects.toThrow(TypeError)
  expect([
    work.requests.api.length,
    home.requests.api.length,
    work.requests.elsewhere.length,
  ]).toEqual([1, 1, 1])
})
