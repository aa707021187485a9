import {
  cookieJar,
  type FakeProvider,
  fakeProvider,
  memoryStorage,
  walkDance,
} from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { danceCookies, staleJar } from './support/dancing.ts'
import { kit, origin, travel } from './support/kit.ts'

const page = `${origin}/`
const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Waits until the provider has been asked. */
async function onItsWay({ tokenRequests }: FakeProvider): Promise<void> {
  while (tokenRequests.length === 0) await later(1)
}

/** A user whose token is due, at a provider that ends a grant when a refresh token is sent twice. */
async function dueUser(provider: object = {}, preset: object = {}) {
  const fake = fakeProvider({ rotation: 'strict', ...provider })
  const providers = { fake: fake.provider(preset) }
  const all = kit({ providers, storage: memoryStorage(), owner: () => 'alice' }, fake)
  const due = travel(-7200)
  const jar = cookieJar()
  await walkDance(all.app, fake, page, jar)
  due()
  fake.tokenRequests.length = 0
  const connection = () => all.dance.connection({ provider: 'fake', owner: 'alice' })
  return { ...all, jar, connection }
}

test('a disconnect beats a refresh in flight, whose answer is given back [G8] [G12]', async () => {
  const { fake, connection } = await dueUser()
  fake.fault({ endpoint: 'token', delay: 400 })
  const refreshing = (await connection()).token().catch((error: { code: string }) => error.code)
  await onItsWay(fake)
  expect(await (await connection()).disconnect()).toEqual({ remote: 'revoked' })
  expect(await refreshing).toBe('login_required')
  expect((await connection()).status).toBe('none')
  expect(fake.requests.revoke.length).toBe(2) // the old token, and what came for nobody
  expect(fake.grants).toBe(0)
})

test('a disconnect in the same visit is not undone by a refresh in flight [G8] [G12]', async () => {
  const fake = fakeProvider({ rotation: 'strict' })
  const { dance } = kit({}, fake)
  const app = dance.wrap(async (_request, visit) => {
    const connection = await visit.connection('fake')
    const refreshing = connection.token().catch((error: { code: string }) => error.code)
    await onItsWay(fake)
    await connection.disconnect()
    return Response.json(await refreshing)
  })
  const jar = await staleJar(dance, fake)
  fake.fault({ endpoint: 'token', delay: 400 })
  expect(await (await jar.send(app, page)).json()).toBe('login_required')
  expect(danceCookies(jar)).toEqual([])
  expect(fake.grants).toBe(0)
})

test('a login that finishes during a refresh wins, and its token is not revoked [G8]', async () => {
  const { fake, dance, app, jar, connection } = await dueUser()
  let kept: object = {}
  dance.events.on('stored', async (event) => {
    kept = await event.connection.token()
  })
  fake.fault({ endpoint: 'token', delay: 400 })
  const refreshing = (await connection()).token()
  await onItsWay(fake)
  expect((await walkDance(app, fake, `${origin}/login/fake`, jar)).status).toBe(200)
  expect(await refreshing).toEqual(kept)
  expect(await (await connection()).token()).toEqual(kept)
  expect(fake.requests.revoke.length).toBe(0)
  expect(
    (await (await dance.connection({ provider: 'fake', owner: 'alice' })).fetch('/user')).ok,
  ).toBe(true)
})

test('a login without a refresh token of its own during a refresh keeps its scopes and gets the rotated one NX-12 [G8]', async () => {
  const scopes = { scopes: ['read'], optionalScopes: ['write'] }
  const { fake, app, jar, connection } = await dueUser({}, scopes)
  fake.fault({ endpoint: 'token', delay: 400 })
  const refreshing = (await connection()).token()
  await onItsWay(fake)
  fake.set({ refreshToken: false })
  await walkDance(app, fake, `${origin}/login/fake?scopes=write`, jar)
  await refreshing
  const stored = await (await connection()).token()
  expect(stored.scopes).toEqual(['read', 'write'])
  fake.dropAccessTokens() // only the rotated refresh token helps now
  expect((await (await connection()).fetch('/user')).status).toBe(200)
  expect(fake.grants).toBeGreaterThan(0)
})

test('a request that comes late with the cookie from before the refresh gets the new token [G9]', async () => {
  const fake = fakeProvider({ rotation: 'strict' })
  const { dance, app } = kit({}, fake)
  const jar = await staleJar(dance, fake)
  const old = jar.copy()
  expect((await jar.send(app, page)).status).toBe(200)
  for (const seconds of [1, 30, 55]) {
    const returned = travel(seconds)
    try {
      const late = old.copy()
      expect((await late.send(app, page)).status).toBe(200)
      expect(danceCookies(late)).toEqual(['fake'])
    } finally {
      returned()
    }
  }
  expect(fake.tokenRequests.length).toBe(1)
  expect(fake.grants).toBe(1)
})

test('a late cookie whose successor is due too leads to the successor of that, not to a spent token [G8] [G9]', async () => {
  const fake = fakeProvider({ rotation: 'strict', expiresIn: 20 })
  const { dance, app } = kit({}, fake)
  const jar = await staleJar(dance, fake)
  const old = jar.copy()
  expect((await jar.send(app, page)).status).toBe(200)
  const returned = travel(30)
  try {
    expect((await old.send(app, page)).status).toBe(200)
    expect((await jar.send(app, page)).status).toBe(200)
  } finally {
    returned()
  }
  expect(fake.tokenRequests.length).toBe(2)
  expect(fake.grants).toBe(1)
})

test('a late cookie and the one in force, both due at once, send one refresh token once [G9]', async () => {
  const fake = fakeProvider({ rotation: 'strict', expiresIn: 20 })
  const { dance, app } = kit({}, fake)
  const jar = await staleJar(dance, fake)
  const old = jar.copy()
  await jar.send(app, page)
  const returned = travel(30)
  try {
    const answers = await Promise.all([old, jar, old, jar].map((one) => one.send(app, page)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  } finally {
    returned()
  }
  expect(fake.tokenRequests.length).toBe(2)
  expect(fake.grants).toBe(1)
})

test('an answer that comes after a re-login elsewhere does not end the new connection [G8]', async () => {
  const { fake, app, jar, connection } = await dueUser()
  const stale = await connection()
  fake.fault({ endpoint: 'token', status: 400, delay: 400 }) // invalid_grant, about the old token
  const refreshing = stale.token()
  await onItsWay(fake)
  await walkDance(app, fake, `${origin}/login/fake`, jar)
  expect((await refreshing).accessToken).toBe((await (await connection()).token()).accessToken)
  expect((await connection()).status).toBe('ok')
})
