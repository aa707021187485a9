import { fakeProvider } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { createClient, outcomeOf } from './support/client.ts'

async function connected(o?: Parameters<typeof fakeProvider>[0]) {
  const fake = fakeProvider(o)
  const client = await createClient(fake)
  return { fake, client, token: fake.issueToken() }
}

describe('fake.fault()', () => {
  test('spoils one answer, and the next is true again', async () => {
    const { fake, client, token } = await connected()
    fake.fault({ endpoint: 'token', status: 503 })
    expect((await client.refresh(token.refreshToken)).status).toBe(503)
    expect(await outcomeOf(client.refresh(token.refreshToken))).toBe('200 ok')
  })

  test('says with a status what a provider says with it', async () => {
    const { fake, client, token } = await connected()
    for (const [status, error] of [
      [400, 'invalid_grant'],
      [401, 'invalid_client'],
    ] as const) {
      fake.fault({ endpoint: 'token', status })
      expect(await outcomeOf(client.refresh(token.refreshToken))).toBe(`${status} ${error}`)
    }
    fake.fault({ endpoint: 'api', status: 401 })
    expect(
      (await client.api('/user', token.accessToken)).headers.get('www-authenticate'),
    ).toContain('invalid_token')
    fake.fault({ endpoint: 'api', status: 403 })
    expect(
      (await client.api('/user', token.accessToken)).headers.get('www-authenticate'),
    ).toContain('insufficient_scope')
  })

  test('answers a body of one’s own, text or JSON, and headers', async () => {
    const { fake, client } = await connected()
    fake.fault({ endpoint: 'token', body: { error: 'bad_verification_code' } })
    fake.fault({
      endpoint: 'token',
      status: 429,
      body: '<html>',
      headers: { 'retry-after': '7', 'content-type': 'text/html' },
    })
    expect(await outcomeOf(client.refresh('x'))).toBe('200 bad_verification_code')
    const second = await client.refresh('x')
    expect([
      second.status,
      second.headers.get('retry-after'),
      second.headers.get('content-type'),
    ]).toEqual([429, '7', 'text/html'])
    expect(await second.text()).toBe('<html>')
  })

  test('comes so often, after so many, until it is taken back', async () => {
    const { fake, client, token } = await connected()
    const statuses = async (count: number) => {
      const seen: number[] = []
      for (let round = 0; round < count; round += 1)
        seen.push((await client.api('/user', token.accessToken)).status)
      return seen
    }
    fake.fault({ endpoint: 'api', status: 500, skip: 1, times: 2 })
    expect(await statuses(4)).toEqual([200, 500, 500, 200])
    const lift = fake.fault({ endpoint: 'api', status: 500, times: Number.POSITIVE_INFINITY })
    expect(await statuses(3)).toEqual([500, 500, 500])
    lift()
    expect(await statuses(1)).toEqual([200])
    fake.fault({ endpoint: 'api', status: 500 })
    fake.clearFaults()
    expect(await statuses(1)).toEqual([200])
  })

  test('can be about one path', async () => {
    const { fake, client, token } = await connected()
    fake.fault({ endpoint: '/api/user', status: 500 })
    expect((await client.api('/things', token.accessToken)).status).toBe(200)
    expect((await client.api('/user', token.accessToken)).status).toBe(500)
  })

  test('refuses an endpoint that does not exist', () => {
    expect(() => fakeProvider().fault({ endpoint: 'tokne', status: 500 })).toThrow(
      /"tokne" is neither a path nor one of/,
    )
  })

  test('fails as the network does, before the provider hears of it or after', async () => {
    const { fake, client, token } = await connected({ rotation: 'strict' })
    fake.fault({ endpoint: 'token', networkError: true })
    await expect(client.refresh(token.refreshToken)).rejects.toThrow(TypeError)
    expect(fake.grants).toBe(1)
    fake.fault({ endpoint: 'token', networkError: true, afterwards: true })
    await expect(client.refresh(token.refreshToken)).rejects.toThrow(TypeError)
    expect(await outcomeOf(client.refresh(token.refreshToken))).toBe('400 invalid_grant')
    expect(fake.requests.token.length).toBe(3)
  })

  test('hangs until the signal ends it F-38T', async () => {
    const { fake } = await connected()
    fake.fault({ endpoint: 'api', hang: true })
    const signal = AbortSignal.timeout(30)
    await expect(fake.fetch(`${fake.issuer}/api/user`, { signal })).rejects.toMatchObject({
      name: 'TimeoutError',
    })
  })

  test('delays the true answer', async () => {
    const { fake, client, token } = await connected()
    fake.fault({ endpoint: 'api', delay: 40 })
    const start = performance.now()
    expect((await client.api('/user', token.accessToken)).status).toBe(200)
    expect(performance.now() - start).toBeGreaterThan(30)
  })

  test('drips the true answer, and stops with the signal F-38T', async () => {
    const { fake, client, token } = await connected()
    fake.fault({ endpoint: 'api', drip: 1, body: { slow: true } })
    expect(await (await client.api('/user', token.accessToken)).json()).toEqual({ slow: true })
    fake.fault({ endpoint: 'api', drip: 10_000 })
    const controller = new AbortController()
    const answer = await fake.fetch(`${fake.issuer}/api/user`, { signal: controller.signal })
    const text = answer.text()
    controller.abort(new Error('enough'))
    await expect(text).rejects.toThrow('enough')
  })

  test('answers a huge body of just so many octets F-37T', async () => {
    const { fake, client } = await connected()
    fake.fault({ endpoint: 'token', huge: 3_000_000 })
    const text = await (await client.refresh('x')).text()
    expect(text.length).toBe(3_000_000)
    expect(JSON.parse(text).access_token.length).toBeGreaterThan(2_999_000)
  })

  test('redirects, and the request follows as fetch is told to F-39T', async () => {
    const { fake, client } = await connected()
    const url = `${fake.issuer}/token`
    const post = { method: 'POST', body: new URLSearchParams({ a: '1' }) }
    fake.fault({ endpoint: 'token', redirect: 'https://evil.test/', status: 307, times: 3 })
    const manual = await fake.fetch(url, { ...post, redirect: 'manual' })
    expect([manual.status, manual.headers.get('location')]).toEqual([307, 'https://evil.test/'])
    await expect(client.refresh('x')).rejects.toThrow(TypeError)
    expect(fake.requests.elsewhere.length).toBe(1)
  })

  test('does not outlive an aborted signal', async () => {
    const { fake } = await connected()
    const signal = AbortSignal.abort(new Error('gone'))
    await expect(fake.fetch(`${fake.issuer}/api/user`, { signal })).rejects.toThrow('gone')
    expect(fake.requests.api.length).toBe(0)
  })
})
