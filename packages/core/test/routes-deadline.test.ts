import { fakeProvider, memoryStorage } from '@fetch-dance/testing'
import type { TokenStorage } from 'fetch-dance'
import { describe, expect, test } from 'vitest'
import { canariesOf, expectEnvelope } from './support/envelope.ts'
import { type Kit, kit, origin } from './support/kit.ts'
import { answerOf, beginLogin, login } from './support/login.ts'

const timeout = 350
const never = () => new Promise<never>(() => {})
const hanging = (o: Partial<TokenStorage>): TokenStorage => ({ ...memoryStorage(), ...o })

/** Sends a request that something holds up, and times the answer. */
async function timed(actors: Kit, send: () => Promise<Response>): Promise<Response> {
  const start = Date.now()
  const answer = await send()
  expect(Date.now() - start).toBeLessThan(3 * timeout)
  await expectEnvelope(answer, canariesOf(actors))
  return answer
}

async function statusAndCode(actors: Kit, send: () => Promise<Response>) {
  const { status } = await timed(actors, send)
  return [status, actors.errors.at(-1)?.code]
}

const opened = (actors: Kit) => () =>
  actors.jar.send(actors.dance.handle, `${origin}/login/fake`, { site: 'none' })

describe('an answer within three timeouts, whatever hangs [G1]', () => {
  test('the owner option', async () => {
    const actors = kit({ timeout, owner: never })
    expect(await statusAndCode(actors, opened(actors))).toEqual([503, 'owner_failed'])
  })

  test('the guard', async () => {
    const actors = kit({ timeout, authorizeLogin: never })
    expect(await statusAndCode(actors, opened(actors))).toEqual([403, 'login_forbidden'])
  })

  test('a storage that does not read, write, delete or list', async () => {
    const owner = () => 'alice'
    for (const method of ['get', 'put'] as const) {
      const actors = kit({ timeout, owner, storage: hanging({ [method]: never }) })
      const callback = await answerOf(actors, await beginLogin(actors))
      const send = () => actors.jar.send(actors.dance.handle, callback, { site: 'cross-site' })
      expect(await statusAndCode(actors, send)).toEqual([503, 'storage_failed'])
      expect(actors.errors.at(-1)?.provider).toBe('fake')
    }
    const listing = kit({ timeout, owner, storage: hanging({ list: never }) })
    const headers = { 'sec-fetch-site': 'same-origin' }
    const list = () =>
      listing.jar.send(listing.dance.handle, `${origin}/login/connections`, { headers })
    expect(await statusAndCode(listing, list)).toEqual([503, 'storage_failed'])
    const storage = memoryStorage()
    const leaving = kit({ timeout, owner, storage: { ...storage, delete: never } })
    await login(leaving)
    const leave = () =>
      leaving.jar.send(leaving.dance.handle, `${origin}/login/fake/logout`, { method: 'POST' })
    expect((await timed(leaving, leave)).status).toBeGreaterThanOrEqual(500)
  })

  test('a provider that does not answer, or only drips F-38T [G5]', async () => {
    for (const fault of [{ hang: true }, { drip: 80 }]) {
      const actors = kit({ timeout })
      actors.fake.fault({ endpoint: 'token', ...fault })
      const callback = await answerOf(actors, await beginLogin(actors))
      const send = () => actors.jar.send(actors.dance.handle, callback, { site: 'cross-site' })
      expect(await statusAndCode(actors, send)).toEqual([504, 'provider_timeout'])
    }
  })

  test('deciding handlers: nothing is stored', async () => {
    const before = kit({ timeout, on: { beforeLogin: never } })
    expect((await timed(before, opened(before))).status).toBe(500)
    const actors = kit({ timeout, on: { authorized: never } })
    const callback = await answerOf(actors, await beginLogin(actors))
    const send = () => actors.jar.send(actors.dance.handle, callback, { site: 'cross-site' })
    expect((await timed(actors, send)).status).toBe(500)
    for (const { jar } of [before, actors]) expect(jar.get('__Host-dance.fake')).toBe(undefined)
  })

  test('listeners of errors and onError: the page comes, with the status of what happened', async () => {
    for (const options of [{ on: { error: never } }, { onError: never }]) {
      const actors = kit({ timeout, ...options })
      const answer = await timed(actors, () =>
        actors.jar.send(actors.dance.handle, `${origin}/login/nobody`),
      )
      expect(answer.status).toBe(404)
      expect(answer.headers.get('content-type')).toContain('text/html')
    }
  })

  test('everything at once', async () => {
    const actors = kit({
      timeout,
      owner: never,
      authorizeLogin: never,
      storage: hanging({ get: never, put: never, delete: never, list: never }),
      on: { error: never, beforeLogin: never },
      onError: never,
    })
    expect((await timed(actors, opened(actors))).status).toBe(503)
  })

  test('a posted body without end', async () => {
    const fake = fakeProvider()
    const providers = { fake: fake.provider({ responseMode: 'form_post' }) }
    const actors = kit({ timeout, providers }, fake)
    const body = new ReadableStream<Uint8Array>({ pull: never })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const init = { method: 'POST', headers, body, duplex: 'half' }
    const url = `${origin}/login/fake/callback`
    const answer = await timed(actors, () => actors.dance.handle(new Request(url, init)))
    expect(answer.status).toBe(400)
  })
})
