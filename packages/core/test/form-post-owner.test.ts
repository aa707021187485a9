import { fakeProvider, memoryStorage } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { canariesOf, expectEnvelope } from './support/envelope.ts'
import { postBack, postedForm, postingKit, walkLogin } from './support/form-post.ts'
import { type Kit, origin, travel } from './support/kit.ts'

/** An app whose users are told by a Lax cookie of its own: a cross-site POST does not bring it. */
const owner = (request: Request) =>
  /(?:^|; )session=(\w+)/.exec(request.headers.get('cookie') ?? '')?.[1] ?? null

async function signedIn(options: object = {}, name = 'alice'): Promise<Kit> {
  const actors = postingKit({ owner, ...options })
  await signIn(actors, name)
  return actors
}

async function signIn({ jar }: Kit, name: string): Promise<void> {
  const cookie = `session=${name}; Path=/; Secure; HttpOnly; SameSite=Lax`
  await jar.send(() => new Response(null, { headers: { 'set-cookie': cookie } }), `${origin}/`)
}

/** Follows the detour as the browser does: the redirect of a cross-site POST is cross-site. */
const follow = ({ dance, jar }: Kit, answer: Response) =>
  jar.send(dance.handle, new URL(answer.headers.get('location') ?? '', origin).href, {
    site: 'cross-site',
  })

describe('form_post where the app names owners', () => {
  test('the detour by GET brings the session, and the login is the signed-in user’s F-50 NX-17', async () => {
    for (const options of [{}, { storage: memoryStorage() }]) {
      const actors = await signedIn(options)
      const answer = await walkLogin(actors, '/login/fake?returnTo=/inbox')
      expect(await answer.text()).toBe('/inbox')
      expect(actors.errors).toEqual([])
      expect(actors.fake.tokenRequests.length).toBe(1)
    }
  })

  test('the POST asks nobody, and its 303 shows the state alone F-50 [G11]', async () => {
    const asked: string[] = []
    const actors = await signedIn({
      owner: (request: Request) => {
        asked.push(request.method)
        return owner(request)
      },
    })
    const form = await postedForm(actors)
    const answer = await postBack(actors, form)
    await expectEnvelope(answer, [form.get('code') ?? '', ...canariesOf(actors)])
    expect(answer.status).toBe(303)
    const location = new URL(answer.headers.get('location') ?? '', origin)
    expect(location.pathname).toBe('/login/fake/callback')
    expect([...location.searchParams]).toEqual([['state', form.get('state')]])
    expect(asked).not.toContain('POST')
    expect(actors.fake.tokenRequests.length).toBe(0)
    const [cookie] = answer.headers.getSetCookie()
    expect(cookie).toContain('Max-Age=60;')
    expect((await follow(actors, answer)).status).toBe(303)
    expect(actors.fake.tokenRequests.length).toBe(1)
  })

  test('an answer that waits longer than a minute is gone F-50', async () => {
    const actors = await signedIn()
    const answer = await postBack(actors, await postedForm(actors))
    const stale = actors.jar.cookies().map(({ name, value }) => `${name}=${value}`)
    const back = travel(61)
    try {
      const url = new URL(answer.headers.get('location') ?? '', origin).href
      const late = await actors.jar.send(actors.dance.handle, url, {
        site: 'cross-site',
        headers: { cookie: stale.join('; ') },
      })
      await expectEnvelope(late, actors.fake.secrets())
      expect(late.status).toBe(400)
      expect(actors.fake.tokenRequests.length).toBe(0)
    } finally {
      back()
    }
  })

  test('who signs in between POST and GET is refused F-18 S14', async () => {
    const actors = await signedIn()
    const answer = await postBack(actors, await postedForm(actors))
    await signIn(actors, 'mallory')
    const refused = await follow(actors, answer)
    await expectEnvelope(refused, canariesOf(actors))
    expect(refused.status).toBe(403)
    expect(actors.errors.map(({ code }) => code)).toEqual(['owner_mismatch'])
    expect(actors.fake.tokenRequests.length).toBe(0)
  })

  test('a fixed owner takes the detour too: its guard reads the session', async () => {
    const actors = await signedIn({
      owner: 'app',
      storage: memoryStorage(),
      authorizeLogin: (request: Request) => owner(request) === 'alice',
    })
    // a named owner's login asks before it leaves, unless a link of the app's own leads to it
    const answer = await postBack(actors, await postedForm(actors))
    expect(answer.status).toBe(303)
    expect((await follow(actors, answer)).status).toBe(303)
    expect(actors.errors).toEqual([])
  })

  test('a guard without an owner takes it too, for the same reason', async () => {
    const authorizeLogin = (request: Request) => owner(request) === 'alice'
    const actors = await signedIn({ owner: undefined, authorizeLogin })
    expect(await (await walkLogin(actors, '/login/fake?returnTo=/inbox')).text()).toBe('/inbox')
    expect(actors.errors).toEqual([])
  })

  test('whom a handler named logs in again: the owner cookie is Lax as well A-05', async () => {
    for (const options of [{}, { storage: memoryStorage() }]) {
      const actors = postingKit(options)
      actors.dance.events.on('authorized', () => ({ owner: '12345' }))
      for (const returnTo of ['/first', '/again']) {
        const answer = await walkLogin(actors, `/login/fake?returnTo=${returnTo}`)
        expect(await answer.text()).toBe(returnTo)
      }
      expect(actors.errors).toEqual([])
      expect(actors.fake.tokenRequests.length).toBe(2)
    }
  })

  test('a long code, a long returnTo and an answer too long for a cookie F-36 S9', async () => {
    const actors = await signedIn()
    const path = `/${'a'.repeat(1500)}`
    expect(await (await walkLogin(actors, `/login/fake?returnTo=${path}`)).text()).toBe(path)
    const other = await signedIn()
    const form = await postedForm(other)
    form.set('code', 'c'.repeat(4000))
    const answer = await postBack(other, form)
    await expectEnvelope(answer, canariesOf(other))
    expect(answer.status).toBe(413)
    expect(other.jar.refused).toEqual([])
  })
})

test('a posted answer is not a flow, nor a flow an answer GHSA-xg6x-h9c9-2m83', async () => {
  const actors = await signedIn({}, 'bob')
  const form = await postedForm(actors)
  await postBack(actors, form)
  // the flow's cookie holds the answer now: posted once more there is no flow to answer
  expect((await postBack(actors, form)).status).toBe(400)
  expect(actors.fake.tokenRequests.length).toBe(0)
  const fake = fakeProvider()
  const begun = postingKit({ owner }, fake)
  await signIn(begun, 'bob')
  const { searchParams } = new URL(`${origin}/?${await postedForm(begun)}`)
  const url = `${origin}/login/fake/callback?state=${searchParams.get('state')}`
  const answer = await begun.jar.send(begun.dance.handle, url, { site: 'cross-site' })
  expect(answer.status).toBe(400)
  expect(begun.errors.map(({ code }) => code)).toEqual(['callback_invalid'])
})
