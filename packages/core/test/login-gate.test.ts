import { memoryStorage } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { expectEnvelope } from './support/envelope.ts'
import { type Kit, kit, origin } from './support/kit.ts'
import { beginLogin, login } from './support/login.ts'

const elsewhere = ['cross-site', 'same-site'] as const
const start = '/login/fake?returnTo=%2Finbox%3Fa%3Db'

/** A page with one link of the app itself, and nothing begun: the link's address. */
async function expectQuestion({ jar }: Kit, answer: Response): Promise<string> {
  const page = await expectEnvelope(answer)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('location')).toBe(null)
  expect(answer.headers.getSetCookie()).toEqual([])
  expect(page).not.toContain('<form')
  const links = [...page.matchAll(/<a href="([^"]*)"/g)].map(([, href = '']) => href)
  expect(links.length).toBe(1)
  expect(jar.refused).toEqual([])
  const href = (links[0] ?? '').replaceAll('&#38;', '&')
  expect(href).toMatch(/^\/login\/fake\?/)
  return href
}

describe('a login starts', () => {
  test('for whoever comes to it, from another site too, while the browser owns its tokens', async () => {
    for (const site of ['none', 'same-origin', ...elsewhere] as const) {
      const { dance, jar } = kit()
      const answer = await jar.send(dance.handle, origin + start, { site })
      await expectEnvelope(answer)
      expect([site, answer.status]).toEqual([site, 302])
    }
  })

  test('for a navigation of a browser that does not say so: it accepts a page', async () => {
    const { dance } = kit()
    const headers = { accept: 'text/html,*/*;q=0.8' }
    expect((await dance.handle(new Request(origin + start, { headers }))).status).toBe(302)
  })

  test('for a same-origin fetch', async () => {
    const { dance, jar } = kit()
    const headers = { 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin', accept: '*/*' }
    expect((await jar.send(dance.handle, origin + start, { headers })).status).toBe(302)
  })

  test('for nothing else: an image, a frame’s script, another site’s fetch, a bare client', async () => {
    for (const mode of ['no-cors', 'cors', 'same-origin', 'websocket', '']) {
      for (const site of ['cross-site', 'same-site', 'none'] as const) {
        const { dance, jar, errors } = kit()
        const headers = { 'sec-fetch-mode': mode, accept: 'image/*' }
        const answer = await jar.send(dance.handle, origin + start, { headers, site })
        await expectEnvelope(answer)
        expect([mode, site, answer.status]).toEqual([mode, site, 403])
        expect(errors.map(({ code }) => code)).toEqual(['cross_origin'])
        expect(jar.cookies()).toEqual([])
      }
    }
    const { dance } = kit()
    expect((await dance.handle(new Request(origin + start))).status).toBe(403)
  })
})

describe('a login another site sends to asks first', () => {
  const named: Record<string, () => Kit> = {
    'of a signed-in user': () => kit({ owner: () => 'alice' }),
    'of the app itself': () =>
      kit({ owner: 'app', storage: memoryStorage(), authorizeLogin: () => true }),
  }
  for (const [whose, make] of Object.entries(named)) {
    test(`the login ${whose}, whose link then starts it CVE-2015-9284`, async () => {
      for (const site of elsewhere) {
        const actors = make()
        const { dance, jar } = actors
        const question = await jar.send(dance.handle, origin + start, { site })
        const href = await expectQuestion(actors, question)
        const answer = await jar.send(dance.handle, origin + href, { site: 'same-origin' })
        expect(answer.status).toBe(302)
        expect(new URL(href, origin).searchParams.get('returnTo')).toBe('/inbox?a=b')
        // whoever types the address, or clicks on the app's own link, is not asked
        for (const own of ['none', 'same-origin'] as const) {
          expect((await jar.send(dance.handle, origin + start, { site: own })).status).toBe(302)
        }
      }
    })
  }

  test('the login of an owner a handler named', async () => {
    const actors = kit({ storage: memoryStorage(), on: { authorized: () => ({ owner: '7' }) } })
    await login(actors)
    const { dance, jar } = actors
    await expectQuestion(
      actors,
      await jar.send(dance.handle, origin + start, { site: 'cross-site' }),
    )
  })

  test('not where nobody is signed in: there is no user to act for', async () => {
    const { dance, jar } = kit({ owner: () => null })
    const answer = await jar.send(dance.handle, origin + start, { site: 'cross-site' })
    expect(answer.status).toBe(302)
  })

  test('any login when five flows run: it would push one out F-21', async () => {
    const actors = kit()
    const { dance, jar } = actors
    for (let i = 0; i < 4; i++) await beginLogin(actors)
    const fifth = await jar.send(dance.handle, origin + start, { site: 'cross-site' })
    expect(fifth.status).toBe(302)
    for (const site of elsewhere) {
      await expectQuestion(actors, await jar.send(dance.handle, origin + start, { site }))
    }
    expect(jar.cookies().length).toBe(5)
    expect((await login(actors)).status).toBe(303)
  })

  test('the link keeps the scopes that were asked for', async () => {
    const { fake } = kit()
    const providers = { fake: fake.provider({ optionalScopes: ['repo', 'gist'] }) }
    const actors = kit({ providers, owner: () => 'alice' }, fake)
    const url = `${origin}/login/fake?scopes=repo+gist&evil=1&returnTo=/a`
    const answer = await actors.jar.send(actors.dance.handle, url, { site: 'cross-site' })
    const { searchParams } = new URL(await expectQuestion(actors, answer), origin)
    expect(Object.fromEntries(searchParams)).toEqual({ returnTo: '/a', scopes: 'repo gist' })
  })
})

describe('the guard', () => {
  test('is asked with provider and action, and only true is a yes', async () => {
    const asked: object[] = []
    for (const said of [false, undefined, 'yes', 1, null, Promise.resolve(false)]) {
      const { dance, jar, errors } = kit({
        authorizeLogin: (_request: Request, o: object) => {
          asked.push(o)
          return said
        },
      })
      const answer = await jar.send(dance.handle, origin + start)
      await expectEnvelope(answer)
      expect(answer.status).toBe(403)
      expect(errors.map(({ code }) => code)).toEqual(['login_forbidden'])
      expect(jar.cookies()).toEqual([])
    }
    expect(asked[0]).toEqual({ provider: 'fake', action: 'login' })
  })

  test('that throws is a no', async () => {
    const authorizeLogin = () => {
      throw new Error('the session store is down')
    }
    const { dance, jar } = kit({ authorizeLogin })
    expect((await jar.send(dance.handle, origin + start)).status).toBe(403)
  })
})
