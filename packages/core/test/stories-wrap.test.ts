import { cookieJar, memoryStorage } from '@fetch-dance/testing'
import { DanceError } from 'fetch-dance'
import { describe, expect, test } from 'vitest'
import { expectEnvelope } from './support/envelope.ts'
import { kit, origin } from './support/kit.ts'

const page = `${origin}/notes?page=2`
const script = { 'sec-fetch-mode': 'cors', accept: '*/*' }

describe('wrap() sends a visitor who is not connected', () => {
  test('to the login, and back to this page', async () => {
    const { app, jar } = kit()
    const answer = await jar.send(app, page)
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toBe('/login/fake?returnTo=%2Fnotes%3Fpage%3D2')
    await expectEnvelope(answer)
  })

  test('to the login by Accept where no Sec-Fetch-Mode is sent', async () => {
    const { app } = kit()
    const request = new Request(page, { headers: { accept: 'text/html,*/*;q=0.8' } })
    expect((await app(request)).status).toBe(302)
  })

  test.each([
    ['a script', script],
    ['a script that asks for JSON', { ...script, accept: 'application/json' }],
    ['a client that says nothing', {}],
  ])('nowhere when it is %s: 401 { error, loginUrl }', async (_name, headers) => {
    const { app } = kit()
    const answer = await app(new Request(page, { headers }))
    expect(answer.status).toBe(401)
    expect(answer.headers.get('location')).toBeNull()
    const body = JSON.parse(await expectEnvelope(answer))
    expect(body).toEqual({ error: 'login_required', loginUrl: '/login/fake?returnTo=%2F' })
  })

  test('of a script back to the page that the script is on', async () => {
    const { app } = kit()
    const headers = { ...script, referer: `${origin}/board#top` }
    const answer = await app(new Request(`${origin}/api/notes`, { headers }))
    expect(await answer.json()).toMatchObject({
      loginUrl: expect.stringContaining('returnTo=%2Fboard'),
    })
  })

  test.each([
    ['of this app', `${origin}/write?draft=1`, '/write?draft=1'],
    ['of another site', 'https://evil.test/write', '/'],
    ['that is left out', '', '/'],
  ])(
    'who posts a form to a page with a link, back to a Referer %s',
    async (_name, referer, returnTo) => {
      const { app, jar } = kit()
      const headers = referer === '' ? {} : { referer }
      const answer = await jar.send(app, `${origin}/notes`, {
        method: 'POST',
        body: 'text=hi',
        headers,
      })
      expect(answer.status).toBe(401)
      const body = await expectEnvelope(answer)
      expect(body).toContain(`href="/login/fake?${new URLSearchParams({ returnTo })}"`)
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    },
  )

  test.each([
    ['a navigation', { accept: 'text/html', 'sec-fetch-mode': 'navigate' }],
    ['a script', { ...script, accept: 'application/json' }],
  ])('nowhere where authorizeLogin refuses %s: 503', async (_name, headers) => {
    const { app } = kit({
      owner: 'app',
      storage: memoryStorage(),
      authorizeLogin: () => false,
    })
    const answer = await app(new Request(page, { headers }))
    expect([answer.status, answer.headers.get('location')]).toEqual([503, null])
    expect(await expectEnvelope(answer)).not.toContain('/login')
  })
})

describe('visit.require()', () => {
  test('throws a typed error with the way to mend it', async () => {
    const { dance } = kit()
    const visit = dance.visit(new Request(page, { headers: { accept: 'text/html' } }))
    const error = await visit.require('fake').catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(DanceError)
    expect(error).toMatchObject({
      code: 'login_required',
      status: 401,
      provider: 'fake',
      loginUrl: '/login/fake?returnTo=%2Fnotes%3Fpage%3D2',
    })
  })

  test("takes a returnTo of the app's own, which stays within the origin NX-16 [G6]", async () => {
    const { dance } = kit()
    const visit = dance.visit(new Request(page))
    const loginUrl = async (returnTo: string) => {
      const error = await visit.require('fake', { returnTo }).catch((thrown: unknown) => thrown)
      return error instanceof DanceError ? error.loginUrl : undefined
    }
    expect(await loginUrl('/inbox?new=1')).toBe('/login/fake?returnTo=%2Finbox%3Fnew%3D1')
    for (const hostile of ['//evil.test', '/\\evil.test', 'https://evil.test/', '/.//evil.test']) {
      const url = await loginUrl(hostile)
      expect(new URL(url ?? '', origin).searchParams.get('returnTo') ?? '/').toBe('/')
    }
  })
})

describe('visit.answer()', () => {
  test('says what wrap() would answer, and null to what is not of this visit', async () => {
    const { dance } = kit()
    const request = () => new Request(page, { headers: { accept: 'text/html' } })
    const [visit, other] = [dance.visit(request()), dance.visit(request())]
    const error = await visit.require('fake').catch((thrown: unknown) => thrown)
    expect(visit.answer(error)?.status).toBe(302)
    expect(other.answer(error)).toBeNull()
    expect(visit.answer(new Error('mine'))).toBeNull()
    expect(visit.answer(new DanceError('login_required', 'Cannot go on: forged'))).toBeNull()
  })

  test('knows what a connection threw', async () => {
    const { dance } = kit()
    const visit = dance.visit(new Request(page, { headers: { accept: 'text/html' } }))
    const connection = await visit.connection('fake')
    for (const call of ['fetch', 'token', 'profile'] as const) {
      const error = await connection[call]('/user').catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: 'login_required' })
      expect(visit.answer(error)?.headers.get('location')).toBe(
        '/login/fake?returnTo=%2Fnotes%3Fpage%3D2',
      )
    }
  })
})

test("wrap() answers the dance's routes itself and hands everything else to the app", async () => {
  const { dance } = kit()
  const seen: string[] = []
  const app = dance.wrap((request: Request, _visit, extra: string) => {
    seen.push(`${new URL(request.url).pathname} ${extra}`)
    return new Response('app')
  })
  for (const path of ['/', '/login', '/login/other', '/login/fake/more', '/login/fake']) {
    const request = new Request(origin + path, { headers: { accept: 'text/html' } })
    await app(request, 'extra')
  }
  expect(seen).toEqual(['/ extra', '/login extra', '/login/other extra', '/login/fake/more extra'])
  expect((await cookieJar().send(dance.handle, `${origin}/login/other`)).status).toBe(404)
})

test('wrap() rethrows what the app throws, and what is not of this visit', async () => {
  const { dance, errors } = kit()
  for (const thrown of [
    new Error('mine'),
    new DanceError('login_required', 'Cannot go on: forged'),
    'text',
  ]) {
    const app = dance.wrap(() => {
      throw thrown
    })
    expect(await app(new Request(page)).catch((error: unknown) => error)).toBe(thrown)
  }
  expect(errors).toEqual([])
})
