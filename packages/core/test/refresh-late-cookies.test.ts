import { type CookieJar, fakeProvider } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { type Kit, kit, origin, travel } from './support/kit.ts'
import { login } from './support/login.ts'

const page = `${origin}/`

/** A person whose token the API refused an hour before its end: it was refreshed, and a late answer brings back the old cookie. */
async function lateCookie(): Promise<Kit & { late: CookieJar; elsewhere: Kit }> {
  const fake = fakeProvider({ rotation: 'strict' })
  const users = { owner: () => 'ada' }
  const actors = kit(users, fake)
  await login(actors)
  const late = actors.jar.copy()
  fake.dropAccessTokens()
  expect((await actors.jar.send(actors.app, page)).status).toBe(200)
  fake.tokenRequests.length = 0
  return { ...actors, late, elsewhere: kit(users, fake) }
}

/** An hour later another isolate, which knows of nothing, has the cookies of that browser. */
async function anHourLater({ fake, elsewhere }: Kit & { elsewhere: Kit }, jar: CookieJar) {
  const back = travel(3700)
  try {
    expect((await jar.send(elsewhere.app, page)).status).toBe(200)
  } finally {
    back()
  }
  expect(fake.tokenRequests.length).toBeGreaterThan(0)
  expect(fake.grants).toBeGreaterThan(0)
}

test('a login over an old cookie that brings no refresh token keeps the one in force, not the spent one NX-12 [G8]', async () => {
  const actors = await lateCookie()
  actors.fake.set({ refreshToken: false })
  expect((await login({ ...actors, jar: actors.late })).status).toBe(303)
  await anHourLater(actors, actors.late)
})
