import {
  type FakeProvider,
  fakeProvider,
  joinFakes,
  memoryStorage,
  signedInJar,
} from '@fetch-dance/testing'
import { createDance, type Dance, type TokenStorage } from 'fetch-dance'
import { describe, expect, test } from 'vitest'
import { staleJar, staleToken } from './support/dancing.ts'
import { kit, origin, secret } from './support/kit.ts'

const page = `${origin}/`
const count = <T>(length: number, make: (index: number) => T) =>
  Array.from({ length }, (_, i) => make(i))

describe.each([
  ['cookies', () => ({})],
  ['a storage, the browser owning the token', () => ({ storage: memoryStorage() })],
  ['a storage, a user owning the token', () => ({ storage: memoryStorage(), owner: () => 'ada' })],
])('a thousand parallel callers of a due token in %s', (_, keeping) => {
  test('make one token call, in one isolate NX-10 [G9]', async () => {
    const fake = fakeProvider({ rotation: 'strict' })
    const { dance, app } = kit(keeping(), fake)
    const jar = await staleJar(dance, fake)
    const cookie = jar.header(page)
    const answers = await Promise.all(
      count(1000, () => app(new Request(page, { headers: { cookie } }))),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(fake.tokenRequests.length).toBe(1)
    expect(fake.grants).toBe(1)
  })
})

test('a thousand parallel callers of a due token make one token call, over four isolates NX-10 [G9]', async () => {
  const fake = fakeProvider({ rotation: 'strict' })
  const storage = restless(memoryStorage())
  const isolates = count(4, () => kit({ storage, owner: () => 'ada' }, fake))
  const [first] = isolates
  if (first) await staleJar(first.dance, fake)
  const answers = await Promise.all(
    count(250, () => isolates.map(({ app }) => app(new Request(page)))).flat(),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(fake.tokenRequests.length).toBe(1)
  expect(fake.grants).toBe(1)
})

test('50 users with 4 providers and 50 callers each make 200 token calls, and nobody gets another’s token A-04 NX-02 NX-10 [G9]', async () => {
  const names = ['github', 'google', 'slack', 'strava']
  const users = count(50, (index) => `user-${index}`)
  const fakes = names.map((name) =>
    fakeProvider({ issuer: `https://${name}.test`, rotation: 'strict' }),
  )
  const isolates = crowd(names, fakes)
  for (const user of users) await connect(isolates[0], names, fakes, user)
  const callers = users.flatMap((user) =>
    names.flatMap((name) => count(50, (index) => ({ user, name, dance: isolates[index % 4] }))),
  )
  const held = await Promise.all(
    callers.map(async ({ user, name, dance }) => {
      const visit = dance?.visit(new Request(page, { headers: { 'x-user': user } }))
      const token = await (await visit?.connection(name))?.token()
      return { user, name, token: token?.accessToken ?? 'none' }
    }),
  )
  expect(fakes.map(({ tokenRequests }) => tokenRequests.length)).toEqual([50, 50, 50, 50])
  expect(fakes.map(({ grants }) => grants)).toEqual([50, 50, 50, 50])
  const distinct = new Map(held.map((one) => [`${one.user} ${one.name} ${one.token}`, one]))
  expect(distinct.size).toBe(200)
  const fetch = joinAll(fakes)
  for (const { user, name, token } of distinct.values()) {
    const headers = { authorization: `Bearer ${token}` }
    const answer = await fetch(`https://${name}.test/api/user`, { headers })
    expect(await answer.json()).toMatchObject({ id: `${user} at ${name}`, login: user })
  }
})

/** Four isolates of an app with several providers, over one storage. */
function crowd(names: readonly string[], fakes: readonly FakeProvider[]): Dance[] {
  const storage = restless(memoryStorage())
  const providers = Object.fromEntries(fakes.map((fake, i) => [names[i], fake.provider()]))
  return count(4, () =>
    createDance({
      providers,
      secret,
      origin,
      storage,
      owner: (request) => request.headers.get('x-user'),
      fetch: joinAll(fakes),
    }),
  )
}

/** Connects a user with every provider, by a token that is due at once. */
async function connect(
  dance: Dance | undefined,
  names: readonly string[],
  fakes: readonly FakeProvider[],
  user: string,
): Promise<void> {
  if (!dance) throw new Error('there is no isolate')
  for (const [index, fake] of fakes.entries()) {
    const name = names[index] ?? ''
    fake.set({ person: { id: `${user} at ${name}`, login: user } })
    await signedInJar(dance, name, staleToken(fake), { headers: { 'x-user': user } })
  }
}

function joinAll([first, ...others]: readonly FakeProvider[]): typeof globalThis.fetch {
  if (!first) throw new Error('there is no provider')
  return joinFakes(first, ...others)
}

/** A storage that lets others go first before it answers, for a time that differs from call to call. */
function restless(storage: TokenStorage): TokenStorage {
  let calls = 0
  const wait = async () => {
    calls += 1
    for (let turns = (calls * 7919) % 5; turns > 0; turns--) await Promise.resolve()
    if (calls % 3 === 0) await new Promise((resolve) => setTimeout(resolve, calls % 4))
  }
  return {
    ...storage,
    async get(key, o) {
      await wait()
      const found = await storage.get(key, o)
      await wait()
      return found
    },
    async put(key, record, o) {
      await wait()
      const outcome = await storage.put(key, record, o)
      await wait()
      return outcome
    },
  }
}
