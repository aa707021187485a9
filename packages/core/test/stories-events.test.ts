import { cookieJar, fakeProvider, memoryStorage, walkDance } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { beginDance, comeBack, keepings } from './support/dancing.ts'
import { canariesOf, expectEnvelope } from './support/envelope.ts'
import { kit, origin } from './support/kit.ts'

const page = `${origin}/`
const login = `${origin}/login/fake`
const codes = (errors: readonly { code: string }[]) => errors.map(({ code }) => code)
const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

test('a welcome message: one handler adds a flash cookie to the redirect, a second one also runs A-14', async () => {
  const { dance, fake, jar } = kit()
  const heard: string[] = []
  dance.events.on('stored', ({ headers, provider }) => {
    headers.append('set-cookie', `flash=welcome-${provider}; Path=/; Secure`)
    headers.set('x-first', 'yes')
  })
  const stop = dance.events.on('stored', () => void heard.push('second'), { provider: 'fake' })
  const answer = await comeBack(dance.handle, jar, await beginDance(dance.handle, fake, jar))
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/'])
  expect(answer.headers.get('x-first')).toBe('yes')
  expect(jar.get('flash')).toBe('welcome-fake')
  expect(jar.get('__Host-dance.fake')).toBeTypeOf('string')
  await expectEnvelope(answer, fake.secrets())
  stop()
  await walkDance(dance.handle, fake, login, jar)
  expect(heard).toEqual(['second'])
})

test('the option "on" is heard first, the others in order', async () => {
  const heard: string[] = []
  const { dance, fake, jar } = kit({ on: { stored: () => void heard.push('option') } })
  dance.events.on('stored', async () => {
    await later(5)
    heard.push('slow')
  })
  dance.events.on('stored', () => void heard.push('last'))
  await walkDance(dance.handle, fake, login, jar)
  expect(heard).toEqual(['option', 'slow', 'last'])
})

describe('importing data after a login', () => {
  const importing = (work: (dance: ReturnType<typeof kit>['dance']) => Promise<unknown>) => {
    const all = kit({ storage: memoryStorage(), owner: () => 'alice' })
    all.dance.events.on('stored', ({ waitUntil }) => waitUntil(work(all.dance)))
    return all
  }

  test('does not delay the answer, and uses dance.connection() A-15', async () => {
    const imported: string[] = []
    const { dance, fake, jar } = importing(async (own) => {
      await later(30)
      const connection = await own.connection({ provider: 'fake', owner: 'alice' })
      imported.push((await (await connection.fetch('/user')).json()).login)
    })
    const kept: Promise<unknown>[] = []
    const callback = await beginDance(dance.handle, fake, jar)
    const context = { waitUntil: (promise: Promise<unknown>) => void kept.push(promise) }
    const answer = await comeBack((request) => dance.handle(request, context), jar, callback)
    expect([answer.status, imported]).toEqual([303, []])
    expect(kept.length).toBe(1)
    await Promise.all(kept)
    expect(imported).toEqual(['octocat'])
  })

  test('that fails is an error event, not a failed login A-15', async () => {
    const { app, dance, fake, jar, errors } = importing(() =>
      Promise.reject(new Error('import broke')),
    )
    const answer = await comeBack(dance.handle, jar, await beginDance(dance.handle, fake, jar))
    expect(answer.status).toBe(303)
    await later(5)
    expect(codes(errors)).toEqual(['handler_failed'])
    expect((await jar.send(app, page)).status).toBe(200)
  })

  test('is handed to the context that wrap() finds among the arguments A-15', async () => {
    const { dance, fake, jar } = importing(() => later(5))
    const kept: Promise<unknown>[] = []
    const context = { waitUntil: (promise: Promise<unknown>) => void kept.push(promise) }
    const app = dance.wrap(
      (_request, _visit, _env: object, _context: object) => new Response('app'),
    )
    const worker = (request: Request) => app(request, {}, context)
    await comeBack(worker, jar, await beginDance(worker, fake, jar))
    expect(kept.length).toBe(1)
    await Promise.all(kept)
  })
})

describe.each(keepings)('a handler that throws, tokens %s', (_, keeping) => {
  test('in authorized: nothing stored, an earlier token kept, the new one given back NX-22 [G8]', async () => {
    const { app, dance, fake, jar, errors } = kit(keeping())
    await walkDance(app, fake, page, jar)
    const before = jar.cookies()
    const stop = dance.events.on('authorized', () => {
      throw new Error('database away')
    })
    const answer = await walkDance(dance.handle, fake, login, jar)
    expect(answer.status).toBe(500)
    expect(await expectEnvelope(answer, canariesOf({ fake, jar }))).not.toContain('database')
    expect(codes(errors)).toEqual(['handler_failed'])
    expect(jar.cookies()).toEqual(before)
    expect(fake.requests.revoke.length).toBe(1)
    stop()
    expect((await jar.send(app, page)).status).toBe(200)
  })

  test('in stored: the login succeeds NX-22', async () => {
    const { app, dance, fake, jar, errors } = kit(keeping())
    dance.events.on('stored', () => Promise.reject(new Error('mail server away')))
    expect((await walkDance(app, fake, page, jar)).status).toBe(200)
    expect(codes(errors)).toEqual(['handler_failed'])
  })

  test('in beforeLogin: no provider is asked and no flow begins NX-22', async () => {
    const { dance, fake, jar } = kit(keeping())
    dance.events.on('beforeLogin', () => {
      throw new Error('no')
    })
    const answer = await jar.send(dance.handle, login)
    expect([answer.status, jar.cookies(), fake.requests.authorize.length]).toEqual([500, [], 0])
  })

  test('or says false in authorized: 403 login_forbidden, or redirects.error, nothing stored', async () => {
    const on = { authorized: () => false as const }
    const plain = kit({ ...keeping(), on })
    const refused = await walkDance(plain.dance.handle, plain.fake, login, plain.jar)
    expect(refused.status).toBe(403)
    expect([codes(plain.errors), plain.jar.cookies()]).toEqual([['login_forbidden'], []])
    expect(plain.fake.grants).toBe(0)
    const led = kit({ ...keeping(), on, redirects: { error: '/sorry' } })
    const callback = await beginDance(led.dance.handle, led.fake, led.jar)
    const answer = await comeBack(led.dance.handle, led.jar, callback)
    expect(answer.headers.get('location')).toBe('/sorry?error=login_forbidden&provider=fake')
  })

  test('or answers in authorized: its response is sent, and the token is stored all the same [G1]', async () => {
    const { app, dance, fake, jar } = kit(keeping())
    dance.events.on('authorized', () =>
      Response.json({ welcome: true }, { headers: { 'cache-control': 'public' } }),
    )
    dance.events.on('authorized', () => new Response('the first one wins'))
    const answer = await walkDance(dance.handle, fake, login, jar)
    expect(JSON.parse(await expectEnvelope(answer))).toEqual({ welcome: true })
    expect((await jar.send(app, page)).status).toBe(200)
  })
})

test("beforeLogin edits the request, but not what is the protocol's", async () => {
  const { dance, fake, jar } = kit()
  dance.events.on('beforeLogin', ({ params }) => {
    params.set('login_hint', 'octocat')
    for (const name of [
      'state',
      'redirect_uri',
      'client_id',
      'code_challenge_method',
      'response_type',
      'nonce',
      'iss',
      'request_uri',
    ]) {
      params.set(name, 'planted')
    }
  })
  const answer = await jar.send(dance.handle, login)
  const { searchParams } = new URL(answer.headers.get('location') ?? '')
  expect(searchParams.get('login_hint')).toBe('octocat')
  expect([...searchParams.values()]).not.toContain('planted')
  dance.events.on('beforeLogin', () => new Response('closed on Sundays', { status: 200 }))
  const closed = await jar.send(dance.handle, login)
  expect(await expectEnvelope(closed)).toBe('closed on Sundays')
  expect(fake.requests.authorize.length).toBe(0)
})

test('authorized reads the profile once, however many handlers ask', async () => {
  const fake = fakeProvider()
  const { dance } = kit({}, fake)
  const seen: string[] = []
  for (const name of ['one', 'two']) {
    dance.events.on('authorized', async (event) => {
      seen.push(`${name} ${(await event.profile()).id} ${event.connection.status}`)
    })
  }
  await walkDance(dance.handle, fake, login, cookieJar())
  expect(seen).toEqual(['one 583231 ok', 'two 583231 ok'])
  expect(fake.requests.api.length).toBe(1)
})
