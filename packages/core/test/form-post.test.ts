import { cookieJar, fakeProvider, memoryStorage } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { expectEnvelope } from './support/envelope.ts'
import { postBack, postedForm, postingKit, walkLogin } from './support/form-post.ts'
import { kit, origin } from './support/kit.ts'
import { beginLogin } from './support/login.ts'

describe('a provider that answers by form_post', () => {
  test('the whole dance is walked as a browser walks it NX-17 F-50', async () => {
    const actors = postingKit()
    const answer = await walkLogin(actors, '/login/fake?returnTo=/inbox')
    expect(await answer.text()).toBe('/inbox')
    expect(actors.jar.get('__Host-dance.fake')).toBeDefined()
    expect(actors.fake.tokenRequests.length).toBe(1)
    const authorize = actors.fake.requests.authorize[0]
    expect(new URL(authorize?.url ?? '').searchParams.get('response_mode')).toBe('form_post')
  })

  test('only its flow cookie is SameSite=None, and Secure F-49 F-50', async () => {
    const fake = fakeProvider()
    const posting = fake.provider({ responseMode: 'form_post' })
    const providers = { posting, plain: fake.provider() }
    for (const [name, sameSite] of [
      ['posting', 'none'],
      ['plain', 'lax'],
    ] as const) {
      const actors = kit({ providers }, fake)
      await beginLogin(actors, `/login/${name}`)
      expect(actors.jar.cookies()).toMatchObject([{ sameSite, secure: true, httpOnly: true }])
    }
    const done = postingKit()
    await walkLogin(done)
    expect(done.jar.cookies()).toMatchObject([{ name: '__Host-dance.fake', sameSite: 'lax' }])
  })

  test('a POST without the flow cookie is refused: nobody else can post it S2 CVE-2025-14546', async () => {
    const actors = postingKit()
    const form = await postedForm(actors)
    const answer = await postBack({ ...actors, jar: cookieJar() }, form)
    await expectEnvelope(answer, actors.fake.secrets())
    expect(answer.status).toBe(400)
    expect(actors.errors.map(({ code }) => code)).toEqual(['flow_missing'])
    expect(actors.fake.tokenRequests.length).toBe(0)
  })

  test('the record it replaces in a storage is ended, though the POST brings no cookie of it', async () => {
    const storage = memoryStorage()
    const actors = postingKit({ storage })
    await walkLogin(actors)
    const before = actors.jar.copy()
    await walkLogin(actors)
    const status = actors.dance.wrap(
      async (_request, visit) => new Response((await visit.connection('fake')).status),
    )
    expect(await (await before.send(status, `${origin}/`)).text()).toBe('none')
    expect(await (await actors.jar.send(status, `${origin}/`)).text()).toBe('ok')
    const { keys } = await storage.list({})
    expect(keys.filter(({ provider }) => provider === 'fake').length).toBe(1)
  })

  test('a declined consent is access_denied, and the flow is over A-16', async () => {
    const actors = postingKit({}, fakeProvider({ consent: 'deny' }))
    const answer = await walkLogin(actors)
    expect(answer.status).toBe(403)
    expect(actors.errors.map(({ code }) => code)).toEqual(['access_denied'])
    expect(actors.jar.cookies()).toEqual([])
  })
})

describe('the body that is posted', () => {
  test('another content type is 415 F-50', async () => {
    const actors = postingKit()
    const form = await postedForm(actors)
    const json = JSON.stringify(Object.fromEntries(form))
    for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x']) {
      const answer = await postBack(actors, json, { 'content-type': type })
      await expectEnvelope(answer, actors.fake.secrets())
      expect(answer.status).toBe(415)
    }
    expect(actors.fake.tokenRequests.length).toBe(0)
    expect((await postBack(actors, form)).status).toBe(303) // and the flow lives on
  })

  test('a body above the cap is 413, also one without end F-50 [G1]', async () => {
    const actors = postingKit()
    const form = await postedForm(actors)
    form.set('padding', 'a'.repeat(1_000_000))
    const answer = await postBack(actors, form)
    await expectEnvelope(answer, actors.fake.secrets())
    expect(answer.status).toBe(413)
    expect(actors.fake.tokenRequests.length).toBe(0)
  })

  test('members that stand twice are refused F-11 F-12', async () => {
    for (const name of ['code', 'state', 'iss', 'error']) {
      const actors = postingKit()
      const form = await postedForm(actors)
      form.append(name, 'a')
      form.append(name, 'b')
      const answer = await postBack(actors, form)
      await expectEnvelope(answer, actors.fake.secrets())
      expect(answer.status).toBe(400)
      expect(actors.fake.tokenRequests.length).toBe(0)
    }
  })

  test('what is in the URL counts for nothing F-11', async () => {
    const actors = postingKit()
    const form = await postedForm(actors)
    const url = `${origin}/login/fake/callback?${form}`
    const answer = await actors.jar.send(actors.dance.handle, url, {
      method: 'POST',
      site: 'cross-site',
      body: new URLSearchParams(),
    })
    expect(answer.status).toBe(400)
    expect(actors.errors.map(({ code }) => code)).toEqual(['state_missing'])
    expect(actors.fake.tokenRequests.length).toBe(0)
  })
})

test('a form_post answer is taken once F-03 NX-15 [G2]', async () => {
  for (const options of [{}, { storage: memoryStorage() }]) {
    const actors = postingKit(options)
    const form = await postedForm(actors)
    const before = actors.jar.copy()
    expect((await postBack(actors, form)).status).toBe(303)
    expect((await postBack({ ...actors, jar: before }, form)).status).toBe(400)
    expect(actors.fake.tokenRequests.length).toBe(1)
  }
})
