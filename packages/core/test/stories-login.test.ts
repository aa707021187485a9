import { cookieJar, memoryStorage, walkDance } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { beginDance, comeBack, danceCookies, keepings } from './support/dancing.ts'
import { canariesOf, expectEnvelope } from './support/envelope.ts'
import { kit, origin } from './support/kit.ts'

const page = `${origin}/`
const login = `${origin}/login/fake`
const codes = (errors: readonly { code: string }[]) => errors.map(({ code }) => code)

/** The page's link, as a person clicks it. */
function linkOf(html: string): string {
  const href = /<a href="([^"]+)"/.exec(html)?.[1] ?? ''
  return origin + href.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
}

test('cookies blocked: nothing restarts by itself, and the button leads to a page that says so NX-04', async () => {
  const { dance, fake, errors } = kit()
  const blocked = () => cookieJar() // a new one for each request: nothing is kept
  const first = await comeBack(
    dance.handle,
    blocked(),
    await beginDance(dance.handle, fake, blocked()),
  )
  expect([first.status, first.headers.get('location')]).toEqual([400, null])
  const button = linkOf(await expectEnvelope(first, fake.secrets()))
  const again = await beginDance(dance.handle, fake, blocked(), button)
  const second = await comeBack(dance.handle, blocked(), again)
  expect(second.status).toBe(400)
  expect(await expectEnvelope(second, fake.secrets())).toContain('This browser keeps no cookies')
  expect(codes(errors)).toEqual(['flow_missing', 'cookies_blocked'])
  expect(fake.tokenRequests.length).toBe(0)
})

test('the button of a failed login finishes where cookies work, and leads to the page that was wanted NX-04', async () => {
  const { app, fake, jar } = kit()
  const callback = await beginDance(app, fake, jar, `${login}?returnTo=/wanted`)
  fake.fault({ endpoint: 'token', status: 500 })
  const failed = await comeBack(app, jar, callback)
  const button = linkOf(await expectEnvelope(failed, canariesOf({ fake, jar })))
  const answer = await comeBack(app, jar, await beginDance(app, fake, jar, button))
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/wanted'])
})

test('a wrong state is state_mismatch, asks no token and leaves the true flow NX-05 F-02 [G2]', async () => {
  const { dance, fake, jar, errors } = kit()
  const callback = await beginDance(dance.handle, fake, jar)
  const forged = new URL(callback)
  forged.searchParams.set('state', 'x'.repeat(43))
  const answer = await comeBack(dance.handle, jar, forged.href)
  expect(answer.status).toBe(400)
  await expectEnvelope(answer, canariesOf({ fake, jar }))
  expect([codes(errors), fake.tokenRequests.length]).toEqual([['state_mismatch'], 0])
  expect((await comeBack(dance.handle, jar, callback)).status).toBe(303)
})

describe.each(keepings)('a callback that comes twice, tokens %s', (_, keeping) => {
  test('one after the other asks one token, and the second changes nothing NX-15 F-03 [G2]', async () => {
    const { app, dance, fake, jar, errors } = kit(keeping())
    const callback = await beginDance(dance.handle, fake, jar)
    expect((await comeBack(dance.handle, jar, callback)).status).toBe(303)
    const replayed = await comeBack(dance.handle, jar, callback)
    expect(replayed.status).toBe(400)
    await expectEnvelope(replayed, canariesOf({ fake, jar }))
    expect([codes(errors), fake.tokenRequests.length]).toEqual([['flow_missing'], 1])
    expect((await jar.send(app, page)).status).toBe(200)
  })

  test('at once asks one token NX-15 F-04 [G2]', async () => {
    const { dance, fake, jar } = kit(keeping())
    const callback = await beginDance(dance.handle, fake, jar)
    const tabs = Array.from({ length: 8 }, () => jar.copy())
    const answers = await Promise.all(tabs.map((tab) => comeBack(dance.handle, tab, callback)))
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses).toEqual([303, ...Array.from({ length: 7 }, () => 400)])
    expect(fake.tokenRequests.length).toBe(1)
  })
})

test('a callback that comes to two isolates asks one token where the storage is strong NX-15 F-04 [G2]', async () => {
  const storage = memoryStorage()
  const one = kit({ storage })
  const other = kit({ storage }, one.fake)
  const callback = await beginDance(one.dance.handle, one.fake, one.jar)
  const answers = await Promise.all(
    [one, other, other, one].map(({ dance }) => comeBack(dance.handle, one.jar.copy(), callback)),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 400, 400, 400])
  expect(one.fake.tokenRequests.length).toBe(1)
})

describe('a person who declines', () => {
  test('closes the flow with one event and is led to redirects.error, never into a loop A-16', async () => {
    const { app, dance, fake, jar, errors } = kit({ redirects: { error: '/sorry?from=login#top' } })
    fake.set({ consent: 'deny' })
    const callback = await beginDance(app, fake, jar)
    const answer = await comeBack(app, jar, callback)
    const location = '/sorry?from=login&error=access_denied&provider=fake#top'
    expect([answer.status, answer.headers.get('location')]).toEqual([303, location])
    expect(codes(errors)).toEqual(['access_denied'])
    expect(errors[0]?.cause).toMatchObject({ error: 'access_denied' })
    expect(danceCookies(jar)).toEqual([])
    expect((await comeBack(dance.handle, jar, callback)).status).toBe(400) // over
    expect(fake.tokenRequests.length).toBe(0)
  })

  test('is told so on a page without redirects.error, and by denied= too A-16 F-94', async () => {
    const { app, fake, jar, errors } = kit()
    const callback = new URL(await beginDance(app, fake, jar))
    const denied = new URL(callback.pathname, origin)
    denied.searchParams.set('state', callback.searchParams.get('state') ?? '')
    denied.searchParams.set('denied', 'yes')
    const answer = await comeBack(app, jar, denied.href)
    expect(answer.status).toBe(403)
    expect(await expectEnvelope(answer, canariesOf({ fake, jar }))).toContain('You declined')
    expect(codes(errors)).toEqual(['access_denied'])
  })
})

test.each([
  ['HEAD', { method: 'HEAD' }],
  ['a prefetch', { headers: { 'sec-purpose': 'prefetch;prerender' } }],
  ['an old prefetch', { headers: { purpose: 'prefetch' } }],
  ['a router prefetch', { headers: { 'next-router-prefetch': '1' } }],
  ['a server component request', { headers: { rsc: '1' } }],
])('%s starts and ends nothing NX-14 F-22', async (_name, o) => {
  const { dance, fake, jar } = kit()
  const callback = await beginDance(dance.handle, fake, jar)
  for (const url of [login, callback]) {
    const answer = await jar.send(dance.handle, url, o)
    expect(answer.status).toBe(405)
    await expectEnvelope(answer, canariesOf({ fake, jar }))
    expect(answer.headers.getSetCookie()).toEqual([])
  }
  expect((await comeBack(dance.handle, jar, callback)).status).toBe(303)
})

describe('a login starts', () => {
  test('for a navigation or a same-origin script, which gets { url }', async () => {
    const { dance, jar } = kit()
    const headers = {
      'sec-fetch-mode': 'cors',
      'sec-fetch-site': 'same-origin',
      accept: 'application/json',
    }
    const answer = await jar.send(dance.handle, login, { headers })
    expect(JSON.parse(await expectEnvelope(answer)).url).toMatch(
      /^https:\/\/fake\.test\/authorize\?/,
    )
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    const foreign = { ...headers, 'sec-fetch-site': 'cross-site' }
    const refused = await jar.send(dance.handle, login, { headers: foreign })
    expect(refused.status).toBe(403)
    expect(danceCookies(jar).length).toBe(1)
  })

  test('from another site for a named owner by a link only CVE-2015-9284', async () => {
    const { dance, app, fake, jar } = kit({ storage: memoryStorage(), owner: () => 'alice' })
    const answer = await jar.send(dance.handle, `${login}?returnTo=/wanted`, { site: 'cross-site' })
    expect(answer.status).toBe(200)
    expect(danceCookies(jar)).toEqual([])
    const link = linkOf(await expectEnvelope(answer))
    expect(new URL(link).searchParams.get('returnTo')).toBe('/wanted')
    expect((await walkDance(app, fake, link, jar)).status).toBe(200)
  })
})
