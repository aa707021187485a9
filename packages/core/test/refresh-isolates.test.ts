import { fakeProvider, memoryStorage } from '@fetch-dance/testing'
import { type RequestStorage, sealedCookieStorage, type TokenStorage } from 'fetch-dance'
import { kvStorage } from 'fetch-dance/kv-storage'
import { describe, expect, test } from 'vitest'
import { staleJar } from './support/dancing.ts'
import { eventualStorage, memoryCoordinator } from './support/isolates.ts'
import { kit, origin, travel } from './support/kit.ts'

const page = `${origin}/`
const isolates = 4

/** The same app in four isolates, and a visitor whose token is due, at a provider that takes no token twice. */
async function fourIsolates(storage: TokenStorage | RequestStorage, provider: object = {}) {
  const fake = fakeProvider({ rotation: 'strict', ...provider })
  const kits = Array.from({ length: isolates }, () => kit({ storage }, fake))
  const [first] = kits
  if (!first) throw new Error('there is no isolate')
  const jar = await staleJar(first.dance, fake)
  const open = (one: (typeof kits)[number], cookies = jar) => {
    const request = new Request(page, { headers: { cookie: cookies.header(page) } })
    return one.dance.visit(request).connection('fake')
  }
  return { fake, kits, jar, open, first }
}

describe.each([
  ['a strong storage', () => memoryStorage()],
  ['cookies with a coordinator', () => sealedCookieStorage({ coordinator: memoryCoordinator() })],
  ['an eventual storage with a coordinator', () => eventualStorage(memoryCoordinator())],
])('four isolates over %s', (_, storage) => {
  test('send a refresh token once for twenty callers NX-10 [G9]', async () => {
    const { fake, kits, open } = await fourIsolates(storage())
    const connections = await Promise.all(
      kits.flatMap((one) => [1, 2, 3, 4, 5].map(() => open(one))),
    )
    const tokens = await Promise.all(connections.map((connection) => connection.token()))
    expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(1)
    expect(fake.tokenRequests.length).toBe(1)
    expect(fake.grants).toBe(1)
    expect(kits.flatMap(({ events }) => events)).not.toContain('uncoordinated')
  })

  test('wait for the one that is refreshing, however slow its answer [G9]', async () => {
    const { fake, kits, open } = await fourIsolates(storage())
    fake.fault({ endpoint: 'token', delay: 300, afterwards: true })
    const connections = await Promise.all(kits.map((one) => open(one)))
    const answers = await Promise.all(connections.map((connection) => connection.fetch('/user')))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(fake.tokenRequests.length).toBe(1)
  })

  test('tell each other when to try again [G8]', async () => {
    const { fake, kits, open } = await fourIsolates(storage())
    fake.fault({ endpoint: 'token', status: 503, headers: { 'retry-after': '60' } })
    for (const one of kits) {
      const connection = await open(one)
      await expect(connection.token()).rejects.toMatchObject({ code: 'provider_unavailable' })
    }
    expect(fake.tokenRequests.length).toBe(1)
  })

  test('wait for each other also where one has just been refused [G9]', async () => {
    const { fake, kits, open } = await fourIsolates(storage())
    const [refused, refreshing] = kits
    if (!refused || !refreshing) throw new Error('there is no isolate')
    fake.fault({ endpoint: 'token', status: 503 })
    await expect((await open(refused)).token()).rejects.toMatchObject({ status: 503 })
    fake.fault({ endpoint: 'token', delay: 400, afterwards: true })
    const sent = (await open(refreshing)).token()
    while (fake.tokenRequests.length < 2) await new Promise((resolve) => setTimeout(resolve, 1))
    expect(await (await open(refused)).token()).toEqual(await sent)
    expect(fake.tokenRequests.length).toBe(2)
    expect(fake.grants).toBe(1)
  })

  test('take over where one died with the refresh token sent, and say what it cost [G8]', async () => {
    const { fake, kits, open } = await fourIsolates(storage())
    const [dying, ...others] = kits
    if (!dying) throw new Error('there is no isolate')
    fake.fault({ endpoint: 'token', hang: true, afterwards: true })
    const lost = (await open(dying)).token()
    lost.catch(() => {})
    while (fake.tokenRequests.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    const back = travel(60)
    try {
      for (const one of others) {
        const connection = await open(one)
        await expect(connection.token()).rejects.toMatchObject({ code: 'login_required' })
        expect(connection.reason).toBe('refresh_interrupted')
      }
    } finally {
      back()
    }
    expect(fake.tokenRequests.length).toBe(2)
  })

  test('give back what a refresh brings after a disconnect elsewhere [G12]', async () => {
    const { fake, kits, open } = await fourIsolates(storage())
    const [refreshing, other] = kits
    if (!refreshing || !other) throw new Error('there is no isolate')
    fake.fault({ endpoint: 'token', delay: 400 })
    const answer = (await open(refreshing)).token().catch(({ code }: { code: string }) => code)
    while (fake.tokenRequests.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    const disconnected = await open(other)
    await disconnected.disconnect()
    expect(await answer).toBe('login_required')
    expect(fake.grants).toBe(0)
  })
})

test('a browser that comes back with the cookie from before finds what came for it within a day [G9]', async () => {
  const coordinator = memoryCoordinator()
  const { fake, kits, jar } = await fourIsolates(sealedCookieStorage({ coordinator }))
  const [one, other] = kits
  if (!one || !other) throw new Error('there is no isolate')
  const old = jar.copy()
  expect((await jar.send(one.app, page)).status).toBe(200)
  const back = travel(82_000)
  try {
    expect((await old.send(other.app, page)).status).toBe(200)
    expect((await old.send(one.app, page)).status).toBe(200)
  } finally {
    back()
  }
  expect(fake.grants).toBe(1)
})

test('a disconnect ends the copies of a cookie that a coordinator knows [G12]', async () => {
  const { fake, kits, jar } = await fourIsolates(
    sealedCookieStorage({ coordinator: memoryCoordinator() }),
  )
  const [one, other] = kits
  if (!one || !other) throw new Error('there is no isolate')
  const copy = jar.copy()
  await jar.send(one.dance.handle, `${origin}/login/fake/logout`, { method: 'POST' })
  expect((await copy.send(other.app, page)).status).toBe(302)
  expect(fake.tokenRequests.length).toBe(0)
})

test('a coordinator sees no token A-10 [G11]', async () => {
  const coordinator = memoryCoordinator()
  const { kits, open } = await fourIsolates(sealedCookieStorage({ coordinator }))
  const [one] = kits
  if (!one) throw new Error('there is no isolate')
  const { accessToken, refreshToken } = await (await open(one)).token()
  const kept = JSON.stringify([...coordinator.entries])
  expect(kept).toContain('Fe26.2')
  expect(kept).not.toContain(accessToken)
  expect(kept).not.toContain(refreshToken)
})

test('a coordinator that is not atomic is refused [G9]', () => {
  const late = { ...memoryCoordinator(), atomic: false }
  const refused = expect.objectContaining({ code: 'option_invalid' })
  expect(() => sealedCookieStorage({ coordinator: late })).toThrow(refused)
  expect(() => kvStorage(late, { coordinator: late })).toThrow(refused)
})
