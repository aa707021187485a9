import { fakeProvider, memoryStorage, signedInJar } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { staleJar } from './support/dancing.ts'
import { kit, origin, travel } from './support/kit.ts'

const page = `${origin}/`

/** Whether a token of an hour is refreshed for a call that comes so many seconds before its end. */
async function isRefreshed(secondsLeft: number, options: object): Promise<boolean> {
  const { fake, dance, app } = kit(options)
  const expiresAt = Math.floor(Date.now() / 1000) + 3600
  const jar = await signedInJar(dance, 'fake', { ...fake.issueToken(), expiresAt })
  const returned = travel(3600 - secondsLeft)
  try {
    expect((await jar.send(app, page)).status).toBe(200)
  } finally {
    returned()
  }
  return fake.tokenRequests.length === 1
}

test.each([
  [60, {}, false],
  [25, {}, true],
  [120, { minValidity: 200 }, true],
  [300, { minValidity: 200 }, false],
  [300, { minValidity: 3000 }, true],
  [400, { minValidity: 3000 }, false], // a tenth of its life is the most
  [5, { minValidity: 0 }, false],
] as const)(
  '%d seconds before its end, with %o, a token is due: %s NX-09',
  async (left, options, due) => {
    expect(await isRefreshed(left, options)).toBe(due)
  },
)

test('a token without an end is used until the API refuses it NX-11', async () => {
  const fake = fakeProvider({ expiresIn: null })
  const { dance, app } = kit({}, fake)
  const jar = await signedInJar(dance, 'fake', fake.issueToken())
  const returned = travel(80 * 24 * 3600)
  try {
    expect((await jar.send(app, page)).status).toBe(200)
    expect(fake.tokenRequests.length).toBe(0)
    fake.dropAccessTokens()
    expect((await jar.send(app, page)).status).toBe(200)
    expect(fake.tokenRequests.length).toBe(1)
  } finally {
    returned()
  }
})

test('connection.token({ minValidity }) refreshes a token that would not last', async () => {
  const { fake, dance } = kit({ storage: memoryStorage(), owner: () => 'alice' })
  const token = { ...fake.issueToken(), expiresAt: Math.floor(Date.now() / 1000) + 600 }
  await signedInJar(dance, 'fake', token)
  const connection = await dance.connection({ provider: 'fake', owner: 'alice' })
  expect((await connection.token({ minValidity: 300 })).accessToken).toBe(token.accessToken)
  const fresh = await connection.token({ minValidity: 1200 })
  expect(fresh.accessToken).not.toBe(token.accessToken)
  expect(fake.tokenRequests.length).toBe(1)
})

test('a clock that was wrong at the login does not refresh in a loop F-52', async () => {
  const { fake, dance, app } = kit()
  const returned = travel(-3600)
  const jar = await signedInJar(dance, 'fake', fake.issueToken())
  returned()
  for (let call = 0; call < 3; call++) expect((await jar.send(app, page)).status).toBe(200)
  expect(fake.tokenRequests.length).toBe(1)
})

test.each([
  ['client', { clientId: 'another-client' }],
  ['issuer', { authorizationEndpoint: 'https://fake.test/v2/authorize' }],
])('a token stamped for another %s is absent, and never sent [G10]', async (_name, changes) => {
  const fake = fakeProvider()
  const storage = memoryStorage()
  const before = kit({ storage, owner: () => 'alice' }, fake)
  await staleJar(before.dance, fake)
  const providers = { fake: fake.provider(changes) }
  const after = kit({ storage, owner: () => 'alice', providers }, fake)
  const connection = await after.dance.connection({ provider: 'fake', owner: 'alice' })
  expect(connection.status).toBe('none')
  await expect(connection.fetch('/user')).rejects.toMatchObject({ code: 'login_required' })
  expect([fake.tokenRequests.length, fake.requests.api.length]).toEqual([0, 0])
})

test('a refresh token is never sent to a token endpoint that moved to another host [G10]', async () => {
  const fake = fakeProvider()
  const storage = memoryStorage()
  const issuer = 'https://fake.test'
  const before = kit(
    { storage, owner: () => 'alice', providers: { fake: fake.provider({ issuer }) } },
    fake,
  )
  await staleJar(before.dance, fake)
  const moved = fake.provider({ issuer, tokenEndpoint: 'https://evil.test/token' })
  const after = kit({ storage, owner: () => 'alice', providers: { fake: moved } }, fake)
  const connection = await after.dance.connection({ provider: 'fake', owner: 'alice' })
  await expect(connection.token()).rejects.toMatchObject({ code: 'metadata_changed', status: 502 })
  expect([fake.tokenRequests.length, fake.requests.elsewhere.length]).toEqual([0, 0])
})

test('a token that cannot be refreshed is used until its end, and only then says login_required NX-08', async () => {
  const { fake, dance } = kit({ storage: memoryStorage(), owner: () => 'alice' })
  const { refreshToken: _none, ...token } = fake.issueToken()
  await signedInJar(dance, 'fake', { ...token, expiresAt: Math.floor(Date.now() / 1000) + 20 })
  const connection = await dance.connection({ provider: 'fake', owner: 'alice' })
  expect((await connection.token({ minValidity: 60 })).accessToken).toBe(token.accessToken)
  const back = travel(21)
  try {
    await expect(connection.token()).rejects.toMatchObject({ code: 'login_required' })
  } finally {
    back()
  }
  expect(fake.tokenRequests.length).toBe(0)
})
