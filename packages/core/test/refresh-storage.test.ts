import { fakeProvider } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { staleJar } from './support/dancing.ts'
import { kit, origin, travel } from './support/kit.ts'
import { unreliableStorage } from './support/unreliable-storage.ts'

const page = `${origin}/`
const codes = (errors: readonly { code: string }[]) => errors.map(({ code }) => code)

/** A user whose token is due, in a storage that can be broken. */
async function dueUser(options: object = {}, provider: object = {}) {
  const fake = fakeProvider({ rotation: 'strict', ...provider })
  const storage = unreliableStorage()
  const all = kit({ storage, owner: () => 'alice', ...options }, fake)
  await staleJar(all.dance, fake)
  const call = () => all.app(new Request(page))
  return { ...all, storage, call }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 3000
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('it did not happen in three seconds')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

test('a write that fails is tried again, and the caller does not notice [G8]', async () => {
  const { fake, storage, call, errors, dance } = await dueUser()
  storage.breakPut('lost', 2, 1)
  expect((await call()).status).toBe(200)
  expect(codes(errors)).toEqual(['storage_failed'])
  expect(storage.puts).toBe(5) // the login, the claim, two failures, the write
  const stored = await dance.connection({ provider: 'fake', owner: 'alice' })
  expect(stored.status).toBe('ok')
  expect(fake.tokenRequests.length).toBe(1)
})

test('a write that happened though it threw is recognised as our own [G8]', async () => {
  const { fake, storage, call, dance } = await dueUser()
  storage.breakPut('applied', 2) // the claim and what came
  expect((await call()).status).toBe(200)
  expect((await dance.connection({ provider: 'fake', owner: 'alice' })).status).toBe('ok')
  expect(fake.requests.revoke.length).toBe(0)
  expect(fake.tokenRequests.length).toBe(1)
})

test.each(['lost', 'hangs'] as const)(
  'the fresh token reaches the caller within a second while the write is %s, and is saved later [G8]',
  async (how) => {
    const { fake, storage, call, dance } = await dueUser({ timeout: 1500 })
    storage.breakPut(how, how === 'hangs' ? 1 : Number.POSITIVE_INFINITY, 1)
    const began = performance.now()
    expect((await call()).status).toBe(200)
    expect(performance.now() - began).toBeLessThan(1200)
    expect((await dance.connection({ provider: 'fake', owner: 'alice' })).status).toBe('expired')
    expect((await call()).status).toBe(200) // memory serves this isolate meanwhile
    storage.heal()
    await until(
      async () => (await dance.connection({ provider: 'fake', owner: 'alice' })).status === 'ok',
    )
    expect(fake.tokenRequests.length).toBe(1)
    expect(fake.grants).toBe(1)
  },
)

test('a caller of less patience than a second gets the fresh token at its "timeout" [G8]', async () => {
  const { fake, storage, call } = await dueUser({ timeout: 400 })
  storage.breakPut('lost', Number.POSITIVE_INFINITY, 1)
  expect((await call()).status).toBe(200)
  storage.heal()
  expect(fake.tokenRequests.length).toBe(1)
})

test('an outage that outlasts the fresh token never sends a spent refresh token again [G8] [G9]', async () => {
  const { fake, storage, call, dance } = await dueUser({ timeout: 1000 }, { expiresIn: 100 })
  storage.breakPut('lost', Number.POSITIVE_INFINITY, 1)
  expect((await call()).status).toBe(200)
  const returned = travel(120)
  try {
    // nothing is sent that could not be announced
    await expect(call()).rejects.toMatchObject({ code: 'storage_failed' })
    expect(fake.tokenRequests.length).toBe(1)
    storage.heal()
    await until(
      async () => (await dance.connection({ provider: 'fake', owner: 'alice' })).status === 'ok',
    )
    expect((await call()).status).toBe(200)
    expect(fake.tokenRequests.length).toBe(2)
    expect(fake.grants).toBe(1) // strict: a spent one sent again would have ended it
  } finally {
    returned()
  }
})

test('a storage that cannot be read a moment does not look like "not connected" [G8]', async () => {
  const { fake, storage, call } = await dueUser()
  expect((await call()).status).toBe(200)
  fake.dropAccessTokens()
  const app = call()
  await new Promise((resolve) => setTimeout(resolve, 0))
  storage.breakGet(1)
  expect((await app).status).toBe(200)
  expect(fake.tokenRequests.length).toBe(2)
})

test('a storage that stays away is storage_failed, and nothing is spent [G8]', async () => {
  const { fake, storage, dance } = await dueUser({ timeout: 400 })
  const connection = await dance.connection({ provider: 'fake', owner: 'alice' })
  storage.breakGet(Number.POSITIVE_INFINITY)
  await expect(connection.token()).rejects.toMatchObject({ code: 'storage_failed', status: 503 })
  expect(fake.tokenRequests.length).toBe(0)
  storage.heal()
  expect((await connection.token()).accessToken).toBeTypeOf('string')
})

test('a refresh whose answer was lost gets one more try, then says refresh_interrupted [G8]', async () => {
  const { fake, call, dance } = await dueUser()
  const reasons: string[] = []
  dance.events.on('needsLogin', ({ reason }) => void reasons.push(reason))
  fake.fault({ endpoint: 'token', networkError: true, afterwards: true }) // rotated, unheard
  await expect(call()).rejects.toMatchObject({ code: 'provider_unreachable' })
  expect((await call()).status).toBe(401) // sent once more, and the provider ends the grant
  expect(reasons).toEqual(['refresh_interrupted'])
  const { status, reason } = await dance.connection({ provider: 'fake', owner: 'alice' })
  expect([status, reason]).toEqual(['needs_login', 'refresh_interrupted'])
  expect(fake.tokenRequests.length).toBe(2)
})

test('a provider that is down and a write that fails do not lock the others out [G8]', async () => {
  const { fake, storage, call } = await dueUser({ timeout: 400 })
  const other = kit({ storage, owner: () => 'alice', timeout: 400 }, fake)
  fake.fault({ endpoint: 'token', status: 503 })
  storage.breakPut('lost', 1, 1) // the claim is written, and what takes it back is not
  await expect(call()).rejects.toMatchObject({ code: 'provider_unavailable' })
  expect((await other.app(new Request(page))).status).toBe(200)
})

test('Retry-After is kept by all who share the storage F-40T [G8]', async () => {
  const { fake, storage, call } = await dueUser()
  const other = kit({ storage, owner: () => 'alice' }, fake)
  fake.fault({ endpoint: 'token', status: 429, headers: { 'retry-after': '60' } })
  const refused = { code: 'provider_unavailable', status: 503 }
  await expect(call()).rejects.toMatchObject(refused)
  await expect(call()).rejects.toMatchObject(refused)
  await expect(other.app(new Request(page))).rejects.toMatchObject(refused)
  expect(fake.tokenRequests.length).toBe(1)
  const returned = travel(61)
  try {
    expect((await call()).status).toBe(200)
  } finally {
    returned()
  }
})

test('an option "storage" that throws is storage_failed, not the app\'s own failure', async () => {
  const { dance } = kit({
    storage: () => {
      throw new TypeError('no binding')
    },
  })
  const opened = dance.visit(new Request(page)).connection('fake')
  await expect(opened).rejects.toMatchObject({ code: 'storage_failed', status: 503 })
  expect((await dance.handle(new Request(`${origin}/login/fake/callback?state=x`))).status).toBe(
    400,
  )
})
