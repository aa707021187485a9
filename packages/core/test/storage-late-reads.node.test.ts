import { describe, expect, test } from 'vitest'
import { codeOf, connectedUser, send, timeout, visit } from './support/connected-user.ts'
import { kit, travel } from './support/kit.ts'

describe('a storage that shows an old record for a minute', () => {
  const key = { provider: 'fake', owner: 'user:alice' }

  /** Alice's token was refreshed; reads show the record from before. */
  async function lateReads() {
    const actors = await connectedUser()
    const old = await actors.inner.get(key)
    await (await visit(actors).connection('fake')).token({ minValidity: 7200 })
    actors.fake.tokenRequests.length = 0
    actors.breakIt((inner) => ({
      ...inner,
      get: async (asked, o) => (asked.owner === key.owner ? old : inner.get(asked, o)),
    }))
    return actors
  }

  test('still shows a connection [G8]', async () => {
    const actors = await lateReads()
    expect((await visit(actors).connection('fake')).status).toBe('ok')
    expect((await visit(actors).connections()).map(({ status }) => status)).toEqual(['ok'])
  })

  test('has no spent refresh token sent [G8] [G9]', async () => {
    const actors = await lateReads()
    const other = kit({ storage: actors.storage, owner: () => 'alice', timeout }, actors.fake)
    const back = travel(7200)
    try {
      const connection = await visit(other).connection('fake')
      expect(await connection.token().catch(codeOf)).toBe('503 storage_failed')
    } finally {
      back()
    }
    expect(actors.fake.tokenRequests.length).toBe(0)
    expect(actors.fake.grants).toBe(2)
  })

  test('refuses a login whose record it does not take, and keeps the earlier one [G8]', async () => {
    const actors = await lateReads()
    expect(await send(actors, actors.jar, actors.callback)).toBe('503 storage_failed')
    actors.breakIt((inner) => inner)
    actors.fake.dropAccessTokens()
    const answer = await (await visit(actors).connection('fake')).fetch('/user')
    expect(answer.status).toBe(200)
  })
})
