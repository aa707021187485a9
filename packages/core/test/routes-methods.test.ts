import { describe, expect, test } from 'vitest'
import { expectEnvelope } from './support/envelope.ts'
import { kit, origin } from './support/kit.ts'
import { answerOf, beginLogin, login } from './support/login.ts'

const routes: Record<string, readonly string[]> = {
  '/login/fake': ['GET'],
  '/login/fake/callback': ['GET', 'POST'],
  '/login/fake/logout': ['POST'],
  '/login/connections': ['GET'],
}
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']

const prefetching: readonly Record<string, string>[] = [
  { 'sec-purpose': 'prefetch' },
  { 'sec-purpose': 'prefetch;prerender' },
  { 'sec-purpose': 'prefetch; anonymous-client-ip' },
  { purpose: 'prefetch' },
  { 'next-router-prefetch': '1' },
  { rsc: '1' },
]

describe('methods', () => {
  test('another than the route’s is 405 and says which F-22 NX-14 [G1]', async () => {
    const { dance, jar, fake } = kit()
    for (const [path, allowed] of Object.entries(routes)) {
      for (const method of methods.filter((one) => !allowed.includes(one))) {
        const answer = await jar.send(dance.handle, origin + path, { method })
        const body = await expectEnvelope(answer)
        expect([path, method, answer.status]).toEqual([path, method, 405])
        expect(answer.headers.get('allow')).toBe(allowed.join(', '))
        if (method === 'HEAD') continue
        expect(body).toContain('<!doctype html>')
      }
    }
    expect(jar.cookies()).toEqual([])
    expect(fake.tokenRequests).toEqual([])
  })

  test('OPTIONS gives no other site leave to read: there is no CORS header', async () => {
    const { dance, jar } = kit()
    for (const path of Object.keys(routes)) {
      const headers = {
        origin: 'https://evil.test',
        'access-control-request-method': 'GET',
        accept: 'application/json',
      }
      for (const method of ['OPTIONS', 'GET', 'POST']) {
        const answer = await jar.send(dance.handle, origin + path, { method, headers })
        const names = [...answer.headers.keys()]
        expect(names.filter((name) => name.startsWith('access-control'))).toEqual([])
      }
    }
  })
})

test('callback() takes an answer that a provider posts without being asked to NX-17', async () => {
  const { dance, jar, fake } = kit()
  const callback = new URL(
    await answerOf({ dance, jar, fake }, await beginLogin({ dance, jar, fake })),
  )
  const url = callback.origin + callback.pathname
  const answer = await jar.send(dance.handle, url, { method: 'POST', body: callback.searchParams })
  await expectEnvelope(answer, fake.secrets())
  expect(answer.status).toBe(303)
  expect(fake.tokenRequests.length).toBe(1)
})

describe('what is fetched ahead or by HEAD', () => {
  test('starts no login NX-14 F-22', async () => {
    const { dance, jar } = kit()
    for (const headers of prefetching) {
      const answer = await jar.send(dance.handle, `${origin}/login/fake`, { headers })
      await expectEnvelope(answer)
      expect(answer.status).toBe(405)
    }
    const head = await jar.send(dance.handle, `${origin}/login/fake`, { method: 'HEAD' })
    expect(head.status).toBe(405)
    expect(jar.cookies()).toEqual([])
  })

  test('consumes no flow: the visitor who comes after it is connected F-22', async () => {
    const actors = kit()
    const callback = await answerOf(actors, await beginLogin(actors))
    const ahead = [...prefetching.map((headers) => ({ headers })), { method: 'HEAD' }]
    for (const o of ahead) {
      const answer = await actors.jar.send(actors.dance.handle, callback, {
        site: 'cross-site',
        ...o,
      })
      await expectEnvelope(answer, actors.fake.secrets())
      expect(answer.status).toBe(405)
      expect(answer.headers.getSetCookie()).toEqual([])
    }
    expect(actors.fake.tokenRequests.length).toBe(0)
    const { dance, jar } = actors
    expect((await jar.send(dance.handle, callback, { site: 'cross-site' })).status).toBe(303)
    expect(actors.fake.tokenRequests.length).toBe(1)
  })

  test('disconnects nobody and lists nothing', async () => {
    const actors = kit()
    await login(actors)
    for (const headers of prefetching) {
      for (const [path, method] of [
        ['/login/fake/logout', 'POST'],
        ['/login/connections', 'GET'],
      ] as const) {
        const answer = await actors.jar.send(actors.dance.handle, origin + path, {
          method,
          headers: { ...headers, 'sec-fetch-site': 'same-origin' },
        })
        expect(answer.status).toBe(405)
      }
    }
    expect(actors.fake.grants).toBe(1)
    expect(actors.jar.get('__Host-dance.fake')).toBeDefined()
  })
})
