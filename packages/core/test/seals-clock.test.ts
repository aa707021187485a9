import { fakeProvider } from '@fetch-dance/testing'
import { afterEach, expect, test } from 'vitest'
import { kit, origin, travel } from './support/kit.ts'
import { answerOf, beginLogin, login } from './support/login.ts'

let back = () => {}
afterEach(() => {
  back()
  back = () => {}
})

test('a flow ends after ten minutes to the second: no skew helps it F-06 F-52', async () => {
  for (const [seconds, status] of [
    [598, 303],
    [601, 400],
    [659, 400],
  ] as const) {
    const actors = kit()
    const begun = await beginLogin(actors)
    const cookie = actors.jar.header()
    back = travel(seconds)
    const callback = await answerOf(actors, begun)
    const answer = await actors.jar.send(actors.dance.handle, callback, {
      site: 'cross-site',
      headers: seconds > 600 ? { cookie } : {}, // a browser that keeps it too long
    })
    back()
    expect([seconds, answer.status]).toEqual([seconds, status])
    expect(actors.errors.map(({ code }) => code)).toEqual(status === 400 ? ['flow_expired'] : [])
  }
})

test('a token that lives shorter than the tolerance is not refreshed in a loop F-52 NX-09', async () => {
  const { app, fake, jar, dance } = kit({}, fakeProvider({ expiresIn: 20 }))
  await login({ dance, fake, jar })
  for (let i = 0; i < 10; i++) expect((await jar.send(app, `${origin}/`)).status).toBe(200)
  expect(fake.tokenRequests.length).toBe(1)
})

test('clocks ten minutes apart, either way, cost at most one refresh F-52', async () => {
  for (const skew of [600, -600]) {
    const { app, fake, jar, dance } = kit({}, fakeProvider({ expiresIn: 300 }))
    await login({ dance, fake, jar })
    back = travel(skew)
    for (let i = 0; i < 10; i++) expect((await jar.send(app, `${origin}/`)).status).toBe(200)
    expect(fake.tokenRequests.length).toBeLessThanOrEqual(2)
    back()
  }
})

test('a clock that goes back an hour after a refresh starts no loop F-52', async () => {
  const { app, fake, jar, dance } = kit({}, fakeProvider({ expiresIn: 600, rotation: 'strict' }))
  await login({ dance, fake, jar })
  back = travel(700)
  expect((await jar.send(app, `${origin}/`)).status).toBe(200)
  expect(fake.tokenRequests.length).toBe(2)
  back()
  back = travel(-3600)
  for (let i = 0; i < 5; i++) expect((await jar.send(app, `${origin}/`)).status).toBe(200)
  expect(fake.tokenRequests.length).toBe(2)
})
