import { memoryStorage } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { canariesOf, expectEnvelope } from './support/envelope.ts'
import { hurry } from './support/hurry.ts'
import { type Kit, kit } from './support/kit.ts'
import { beginLogin, login } from './support/login.ts'

const cookie = '__Host-dance.fake'
const fail = () => {
  throw new Error('the database is down')
}
const never = () => new Promise<never>(() => {})

async function expectFailed(actors: Kit, answer: Response, code: string, status: number) {
  await expectEnvelope(answer, canariesOf(actors))
  expect(answer.status).toBe(status)
  expect(actors.errors.map((error) => error.code)).toEqual([code])
  expect(actors.events).not.toContain('stored')
}

describe('authorized decides', () => {
  test('false is 403 login_forbidden: nothing is stored, and the grant is given back', async () => {
    const storage = memoryStorage()
    for (const options of [{}, { storage }]) {
      const actors = kit({ ...options, on: { authorized: () => false } })
      await expectFailed(actors, await login(actors), 'login_forbidden', 403)
      expect(actors.jar.cookies()).toEqual([])
      expect(actors.fake.grants).toBe(0)
      expect(actors.fake.requests.revoke.length).toBe(1)
    }
    const { keys } = await storage.list({})
    expect(keys.filter(({ provider }) => provider !== 'flow')).toEqual([])
  })

  test('what handlers added to the answer of a login goes with the login', async () => {
    const storage = memoryStorage()
    const put: typeof storage.put = async (key, ...rest) =>
      key.provider === 'flow' ? storage.put(key, ...rest) : 'account_in_use'
    const actors = kit({ storage: { ...storage, put } })
    actors.dance.events.on('authorized', ({ headers }) => headers.set('set-cookie', 'session=1'))
    actors.dance.events.on('error', ({ headers }) => headers.set('x-failed', 'yes'))
    const answer = await login(actors)
    await expectFailed(actors, answer, 'account_in_use', 403)
    expect(answer.headers.getSetCookie().join()).not.toContain('session=')
    expect(answer.headers.has('x-failed')).toBe(true)
  })

  test('false leads to redirects.error where it is set', async () => {
    const actors = kit({ on: { authorized: () => false }, redirects: { error: '/oops' } })
    const answer = await login(actors)
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe('/oops?error=login_forbidden&provider=fake')
  })

  test('a throw, or a promise that rejects, is 500 handler_failed; an earlier token is kept NX-22', async () => {
    for (const authorized of [fail, async () => fail()]) {
      const actors = kit()
      await login(actors)
      const before = actors.jar.get(cookie)
      actors.events.length = 0
      actors.dance.events.on('authorized', authorized)
      await expectFailed(actors, await login(actors), 'handler_failed', 500)
      expect(actors.jar.get(cookie)).toBe(before)
      expect(`${actors.errors[0]?.message} ${actors.errors[0]?.stack}`).not.toContain('database')
    }
  })

  test('no answer within 5 s is 500 handler_failed, and nothing is stored', async () => {
    const actors = kit({ on: { authorized: never } })
    const back = hurry()
    try {
      await expectFailed(actors, await login(actors), 'handler_failed', 500)
    } finally {
      back()
    }
    expect(actors.jar.get(cookie)).toBe(undefined)
    expect(actors.fake.grants).toBe(0)
  })

  test('the first veto ends it: no later handler is asked', async () => {
    const asked: string[] = []
    const actors = kit({ on: { authorized: () => false } })
    actors.dance.events.on('authorized', () => void asked.push('later'))
    await login(actors)
    expect(asked).toEqual([])
  })

  test('an owner that is no id is a handler that failed', async () => {
    for (const owner of ['', 7, null, {}]) {
      const actors = kit({ storage: memoryStorage(), on: { authorized: () => ({ owner }) } })
      await expectFailed(actors, await login(actors), 'handler_failed', 500)
    }
  })
})

describe('a Response of a handler', () => {
  test('answers instead of the redirect, and the token is stored all the same [G1]', async () => {
    const page = () =>
      new Response('welcome', {
        status: 201,
        headers: { 'cache-control': 'public, max-age=60', 'referrer-policy': 'unsafe-url' },
      })
    for (const authorized of [page, () => ({ response: page() })]) {
      const actors = kit({ on: { authorized } })
      const answer = await login(actors)
      expect(answer.status).toBe(201)
      expect(await answer.text()).toBe('welcome')
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(actors.events).toContain('stored')
      expect(actors.jar.get(cookie)).toBeDefined()
    }
  })

  test('the first wins, and the others are asked too', async () => {
    const asked: string[] = []
    const actors = kit({ on: { authorized: () => new Response('first') } })
    actors.dance.events.on('authorized', () => {
      asked.push('second')
      return new Response('second')
    })
    expect(await (await login(actors)).text()).toBe('first')
    expect(asked).toEqual(['second'])
  })

  test('with an owner names it and answers A-05', async () => {
    const storage = memoryStorage()
    const authorized = () => ({ owner: '12345', response: new Response('hello') })
    const actors = kit({ storage, on: { authorized } })
    expect(await (await login(actors)).text()).toBe('hello')
    expect((await storage.list({ owner: 'user:12345' })).keys.length).toBe(1)
  })

  test('with immutable headers is copied [G1]', async () => {
    const actors = kit({ on: { authorized: () => Response.redirect('https://app.test/in', 302) } })
    const answer = await login(actors)
    await expectEnvelope(answer)
    expect(answer.headers.get('location')).toBe('https://app.test/in')
    expect(actors.jar.get(cookie)).toBeDefined()
  })

  test('that cannot be sent is a page, and the token is not lost [G1] [G8]', async () => {
    const used = async () => {
      const response = new Response('read before')
      await response.text()
      return response
    }
    for (const authorized of [used, () => Response.error()]) {
      const actors = kit({ on: { authorized } })
      const answer = await login(actors)
      const page = await expectEnvelope(answer)
      expect(answer.status).toBe(500)
      expect(page).toContain('<h1>')
      expect(actors.errors.map(({ code }) => code)).toEqual(['internal'])
      expect(actors.jar.get(cookie)).toBeDefined()
    }
  })
})

describe('beforeLogin decides', () => {
  test('a Response answers, and no flow begins', async () => {
    const actors = kit({ on: { beforeLogin: () => new Response('read this first') } })
    const { answer } = await beginLogin(actors)
    await expectEnvelope(answer)
    expect(await answer.text()).toBe('read this first')
    expect(actors.jar.cookies()).toEqual([])
  })

  test('what it sets in params goes to the provider', async () => {
    const on = { beforeLogin: (e: { params: URLSearchParams }) => e.params.set('hd', 'app.test') }
    const { url } = await beginLogin(kit({ on }))
    expect(url.searchParams.get('hd')).toBe('app.test')
  })

  test('what it adds twice goes to the provider twice', async () => {
    const on = {
      beforeLogin: ({ params }: { params: URLSearchParams }) => {
        for (const one of ['a', 'b']) params.append('resource', `https://api.test/${one}`)
      },
    }
    const { url } = await beginLogin(kit({ on }))
    expect(url.searchParams.getAll('resource').length).toBe(2)
  })

  test('a throw, or 5 s without an answer, is 500 handler_failed, and no flow begins', async () => {
    for (const beforeLogin of [fail, never]) {
      const actors = kit({ on: { beforeLogin } })
      const back = hurry()
      try {
        await expectFailed(actors, (await beginLogin(actors)).answer, 'handler_failed', 500)
      } finally {
        back()
      }
      expect(actors.jar.cookies()).toEqual([])
    }
  })
})
