import { cookieJar, memoryStorage, walkDance } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { kit, origin } from './support/kit.ts'
import { signIn, userOf } from './support/session.ts'
import { day, watchedStorage } from './support/walks.ts'

const page = `${origin}/`

describe('the time a refresh token has', () => {
  const life = 5 * day
  const due = { from: () => Math.floor(Date.now() / 1000) + life }

  test.each([
    ['refresh_token_expires_in', life],
    ['refresh_expires_in', life],
    ['x_refresh_token_expires_in', String(life)],
  ])('is read from %s, and is no member of `raw`', async (name, value) => {
    const storage = watchedStorage(memoryStorage())
    const { app, dance, fake } = kit({ storage, owner: userOf })
    fake.set({ tamper: { token: (body) => ({ ...body, [name]: value, other: 1 }) } })
    await walkDance(app, fake, page, signIn(cookieJar(), 'alice'))
    expect(storage.written.map(([, { dueAt }]) => (dueAt ?? 0) - due.from())).toEqual([
      expect.closeTo(0, -1),
    ])
    const connection = await dance.connection({ provider: 'fake', owner: 'alice' })
    expect((await connection.token()).raw).toEqual({ other: 1 })
  })

  test.each([0, -1, '', 'soon', null, {}])('is not known where it is %j', async (value) => {
    const storage = watchedStorage(memoryStorage())
    const { app, fake } = kit({ storage, owner: userOf })
    fake.set({ tamper: { token: (body) => ({ ...body, refresh_expires_in: value }) } })
    await walkDance(app, fake, page, signIn(cookieJar(), 'alice'))
    expect(storage.written.map(([, record]) => 'dueAt' in record)).toEqual([false])
  })

  test('stays as it was where the old refresh token does, and is unknown of a new one', async () => {
    const storage = watchedStorage(memoryStorage())
    const { app, dance, fake } = kit({ storage, owner: userOf })
    fake.set({ refreshExpiresIn: life })
    await walkDance(app, fake, page, signIn(cookieJar(), 'alice'))
    const refresh = async () => {
      const connection = await dance.connection({ provider: 'fake', owner: 'alice' })
      await connection.token({ minValidity: 3601 })
      return storage.written.at(-1)?.[1].dueAt
    }
    const before = storage.written.at(-1)?.[1].dueAt
    expect(await refresh()).toBe(before)
    fake.set({ rotation: 'strict', refreshExpiresIn: null })
    expect(await refresh()).toBeUndefined()
  })

  test('is not told of a connection without a refresh token', async () => {
    const storage = watchedStorage(memoryStorage())
    const { app, fake } = kit({ storage, owner: userOf })
    fake.set({
      refreshToken: false,
      tamper: { token: (body) => ({ ...body, refresh_token_expires_in: life }) },
    })
    await walkDance(app, fake, page, signIn(cookieJar(), 'alice'))
    expect(storage.written.map(([, record]) => 'dueAt' in record)).toEqual([false])
  })
})
