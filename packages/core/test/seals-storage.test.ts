import { memoryStorage } from '@fetch-dance/testing'
import type { ConnectionKey, DanceError, TokenStorage } from 'fetch-dance'
import { describe, expect, test } from 'vitest'
import { kit } from './support/kit.ts'
import { login } from './support/login.ts'

/** A dance with a storage in which Alice and Bob are connected, each with an account of their own. */
async function twoUsers() {
  const storage = memoryStorage()
  const owner = (request: Request) => request.headers.get('x-user')
  const actors = kit({ storage, owner })
  const loginAs = (user: string, id: string) => {
    actors.fake.set({ person: { id, login: user } })
    const { dance } = actors
    const handle = (request: Request) => {
      const headers = new Headers(request.headers)
      headers.set('x-user', user)
      return dance.handle(Object.defineProperty(request, 'headers', { value: headers }))
    }
    return login({ ...actors, dance: { ...dance, handle } })
  }
  await loginAs('alice', '1')
  await loginAs('bob', '2')
  return { ...actors, storage, loginAs }
}

async function only(storage: TokenStorage, owner: string) {
  const { keys } = await storage.list({ owner })
  const found = keys[0] && (await storage.get(keys[0]))
  if (!found) throw new Error('nothing is stored')
  return found
}

async function replace(storage: TokenStorage, key: Required<ConnectionKey>, value: string) {
  await storage.put(key, { value, connectedAt: Math.floor(Date.now() / 1000) })
}

describe('a sealed record in a storage', () => {
  test('opens for nobody but its owner, also when it stands in their row F-43 [G2]', async () => {
    const { dance, storage } = await twoUsers()
    const alice = await only(storage, 'user:alice')
    const bob = await only(storage, 'user:bob')
    await replace(storage, bob.key, alice.value)
    await expect(dance.connection({ provider: 'fake', owner: 'bob' })).rejects.toMatchObject({
      code: 'storage_failed',
    })
    expect((await dance.connection({ provider: 'fake', owner: 'alice' })).status).toBe('ok')
  })

  test("nor for a name that the storage takes for its owner's F-43 [G2]", async () => {
    const { dance, storage, fake } = await twoUsers()
    const careless: TokenStorage = {
      ...storage,
      get: (key, o) => storage.get({ ...key, owner: key.owner.toLowerCase() }, o),
    }
    const other = kit({ storage: careless, owner: () => 'ALICE' }, fake).dance
    await expect(other.connection({ provider: 'fake', owner: 'ALICE' })).rejects.toMatchObject({
      code: 'storage_failed',
    })
    expect((await dance.connection({ provider: 'fake', owner: 'alice' })).status).toBe('ok')
  })

  test('nor for another account of the same owner F-43', async () => {
    const { dance, storage } = await twoUsers()
    const { key, value } = await only(storage, 'user:alice')
    await replace(storage, { ...key, account: 'another' }, value)
    await expect(
      dance.connection({ provider: 'fake', owner: 'alice', account: 'another' }),
    ).rejects.toMatchObject({ code: 'storage_failed' })
  })

  test('that is no record at all is storage_failed', async () => {
    const nonsense: readonly object[] = [{}, { key: null }, { key: {}, value: 5, version: 'v1' }]
    for (const found of nonsense) {
      // what a storage with a fault answers has any shape
      const storage = { ...memoryStorage(), get: async () => found as never }
      const { dance } = kit({ storage, owner: () => 'alice' })
      await expect(dance.connection({ provider: 'fake', owner: 'alice' })).rejects.toMatchObject({
        code: 'storage_failed',
      })
    }
  })

  test('with one octet changed is storage_failed, is kept, and a new login replaces it A-10 F-42', async () => {
    const { dance, storage, loginAs } = await twoUsers()
    const { key, value } = await only(storage, 'user:alice')
    const changed = `${value.slice(0, 100)}${value[100] === 'A' ? 'B' : 'A'}${value.slice(101)}`
    await replace(storage, key, changed)
    const error = await dance
      .connection({ provider: 'fake', owner: 'alice' })
      .catch((thrown: DanceError) => thrown)
    expect(error).toMatchObject({ code: 'storage_failed', status: 503 })
    expect((await storage.get(key))?.value).toBe(changed)
    expect((await loginAs('alice', '1')).status).toBe(303)
    expect((await dance.connection({ provider: 'fake', owner: 'alice' })).status).toBe('ok')
  })
})
