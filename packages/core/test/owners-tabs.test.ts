import { cookieJar, fakeProvider, memoryStorage } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { kit, origin } from './support/kit.ts'
import { answerOf, beginLogin, login } from './support/login.ts'

const owner = '12345'

/** Signing in with `fake` names the owner; `other` is connected beside it. */
function named(storage = memoryStorage()) {
  const fake = fakeProvider()
  const providers = { fake: fake.provider(), other: fake.provider() }
  const actors = kit({ providers, storage }, fake)
  actors.dance.events.on('authorized', () => ({ owner }), { provider: 'fake' })
  const ofOwner = () => actors.dance.connection({ provider: 'other', owner })
  return { ...actors, storage, ofOwner }
}

describe('a login that began before the owner was named in another tab', () => {
  test('ends under the browser, and takes nothing from the owner NX-21 [G2]', async () => {
    const { dance, fake, storage, ofOwner } = named()
    const earlier = { dance, fake, jar: cookieJar() }
    await login(earlier)
    await login(earlier, '/login/other')
    expect((await ofOwner()).status).toBe('ok')

    const actors = { dance, fake, jar: cookieJar() }
    const callback = await answerOf(actors, await beginLogin(actors, '/login/other'))
    await login(actors)
    const answer = await actors.jar.send(dance.handle, callback, { site: 'cross-site' })
    expect(answer.status).toBe(303)

    expect((await ofOwner()).status).toBe('ok')
    const { keys } = await storage.list({})
    const owners = keys.filter(({ provider }) => provider === 'other').map((key) => key.owner)
    expect(owners.sort()).toEqual([expect.stringMatching(/^browser:/), `user:${owner}`])
  })

  test('replaces what this browser itself had connected', async () => {
    const { dance, fake, storage } = named()
    const actors = { dance, fake, jar: cookieJar() }
    await login(actors, '/login/other')
    const callback = await answerOf(actors, await beginLogin(actors, '/login/other'))
    await login(actors)
    await actors.jar.send(dance.handle, callback, { site: 'cross-site' })
    const { keys } = await storage.list({})
    expect(keys.filter(({ provider }) => provider === 'other').length).toBe(1)
  })
})

test('a connection that nobody owns yet says so: its owner is null A-05', async () => {
  const storage = memoryStorage()
  const actors = kit({ storage, owner: () => null })
  const owners: (string | null)[] = []
  actors.dance.events.on('authorized', ({ connection }) => {
    owners.push(connection.owner)
    return { owner }
  })
  actors.dance.events.on('stored', ({ connection }) => void owners.push(connection.owner))
  expect((await login(actors)).status).toBe(303)
  expect(owners).toEqual([null, owner])
})

test('connection.login() asks authorizeLogin before anybody is sent away A-01', async () => {
  const asked: string[] = []
  const { dance, jar } = kit({
    owner: 'app',
    storage: memoryStorage(),
    authorizeLogin: (request: Request, { action }: { action: string }) => {
      asked.push(action)
      return request.headers.get('x-operator') === 'yes'
    },
  })
  const app = dance.wrap(async (_request, visit) => (await visit.connection('fake')).login())
  const refused = await jar.send(app, `${origin}/connect`).catch((error: unknown) => error)
  expect(refused).toMatchObject({ code: 'login_forbidden', status: 403 })
  expect(jar.cookies()).toEqual([])
  const headers = { 'x-operator': 'yes' }
  expect((await jar.send(app, `${origin}/connect`, { headers })).status).toBe(302)
  expect(asked).toEqual(['login', 'login'])
})
