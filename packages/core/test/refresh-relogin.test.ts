import { type CookieJar, memoryStorage } from '@fetch-dance/testing'
import type { Dance } from 'fetch-dance'
import { describe, expect, test } from 'vitest'
import { kit, origin, travel } from './support/kit.ts'
import { login } from './support/login.ts'
import { oidcFake } from './support/oidc-fake.ts'

/** The access token a browser's visit gets, or the code of the error. */
async function tokenOf(dance: Dance, jar: CookieJar): Promise<string> {
  const visit = dance.visit(new Request(`${origin}/`, { headers: { cookie: jar.header() } }))
  const connection = await visit.connection('fake')
  return connection.token().then(
    ({ accessToken }) => accessToken,
    (error: { code: string }) => error.code,
  )
}

/** A browser logs in again while a refresh of what it had is on its way. */
async function loginWhileRefreshing(atLogin: { refreshToken?: boolean } = {}) {
  const fake = oidcFake({ rotation: 'strict' })
  const actors = kit({ providers: { fake: fake.provider() }, storage: memoryStorage() }, fake)
  const { dance } = actors
  await login(actors)
  const before = actors.jar.copy()
  const back = travel(3700)
  try {
    fake.fault({ endpoint: 'token', delay: 400, afterwards: true })
    const refreshing = tokenOf(dance, before)
    while (fake.tokenRequests.length < 2) await new Promise((resolve) => setTimeout(resolve, 1))
    fake.set(atLogin)
    expect((await login(actors)).status).toBe(303)
    return { ...actors, before, refreshed: await refreshing }
  } finally {
    back()
  }
}

describe('a login while a refresh is on its way, in a browser whose tokens are in a storage', () => {
  test('revokes nothing: the old record is gone, and not given back NX-26', async () => {
    const { dance, fake, jar, before, refreshed } = await loginWhileRefreshing()
    expect(refreshed).toBe('login_required')
    expect(fake.requests.revoke).toEqual([])
    expect(await tokenOf(dance, before)).toBe('login_required')
    expect(await tokenOf(dance, jar)).toMatch(/^access_/)
  })

  test('that brought no refresh token inherits the one the refresh brings [G8]', async () => {
    const { dance, fake, jar } = await loginWhileRefreshing({ refreshToken: false })
    const logins = fake.tokenRequests.length
    const back = travel(8000)
    try {
      expect(await tokenOf(dance, jar)).toMatch(/^access_/)
    } finally {
      back()
    }
    expect(fake.tokenRequests.length).toBe(logins + 1)
    expect(fake.grants > 0).toBe(true)
  })
})

test('a login over a late cookie keeps the refresh token in force, and not the spent one [G8] [G9]', async () => {
  const fake = oidcFake({ rotation: 'strict' })
  const actors = kit({}, fake)
  const app = actors.dance.wrap(async (_request, visit) => {
    const connection = await visit.require('fake')
    return Response.json((await connection.token({ minValidity: 3590 })).scopes)
  })
  await login(actors)
  const late = actors.jar.copy()
  const back = [travel(15)]
  try {
    expect((await actors.jar.send(app, `${origin}/`)).status).toBe(200)
    fake.set({ refreshToken: false })
    expect((await login({ ...actors, jar: late })).status).toBe(303)
    fake.set({ refreshToken: true })
    back.unshift(travel(15))
    expect((await late.send(app, `${origin}/`)).status).toBe(200)
  } finally {
    for (const travelBack of back) travelBack()
  }
})
