import type { TokenStorage } from 'fetch-dance'
import { describe, expect, test } from 'vitest'
import {
  type Connected,
  codeOf,
  connectedUser,
  type Methods,
  send,
  timeout,
  visit,
} from './support/connected-user.ts'
import { origin, travel } from './support/kit.ts'

const throws = (error: unknown) => async () => {
  throw error
}
const never = () => new Promise<never>(() => {})

/** What a storage does when it is broken. */
const faults: Record<string, (inner: TokenStorage) => Methods> = {
  'that throws': () => all(throws(new Error('the storage is away'))),
  'that hangs': () => all(never),
  'that is asked too often': () => all(throws(Object.assign(new Error('429'), { status: 429 }))),
  'whose records are spoilt': (inner) => ({
    ...inner,
    get: async (key, o) => {
      const found = await inner.get(key, o)
      return found && { ...found, value: `${found.value.slice(0, -1)}_` }
    },
  }),
  "whose records are somebody else's": (inner) => ({
    ...inner,
    get: async (key) => {
      const found = await inner.get({ provider: key.provider, owner: 'user:eve' })
      return found && { ...found, key: { ...found.key, owner: key.owner } }
    },
  }),
}

function all(call: () => Promise<never>): Methods {
  return { get: call, put: call, delete: call, list: call }
}

/** Where a storage is asked, and what came of it: a status and a code. */
const sites: Record<string, (actors: Connected) => Promise<unknown>> = {
  'visit.connection': (actors) => visit(actors).connection('fake').catch(codeOf),
  'visit.require': (actors) => visit(actors).require('fake').catch(codeOf),
  'visit.connections': (actors) => visit(actors).connections().catch(codeOf),
  'dance.connection': ({ dance }) =>
    dance.connection({ provider: 'fake', owner: 'alice' }).catch(codeOf),
  'a callback': (actors) => send(actors, actors.jar, actors.callback),
  'the list of connections': (actors) => send(actors, actors.jar, `${origin}/login/connections`),
  'a logout': (actors) => send(actors, actors.jar, `${origin}/login/fake/logout`, 'POST'),
}

describe.each(Object.entries(faults))('a storage %s', (how, fault) => {
  test.each(Object.entries(sites))(
    'is storage_failed at %s, never "not connected" nor a success [G8]',
    async (site, call) => {
      const actors = await connectedUser()
      actors.breakIt(fault)
      const began = performance.now()
      const outcome = await call(actors)
      expect(performance.now() - began).toBeLessThan(3 * timeout + 600)
      // a new login replaces what cannot be opened
      const replaces = site === 'a callback' && how === 'whose records are spoilt'
      expect(outcome).toBe(replaces ? '200 undefined' : '503 storage_failed')
      actors.breakIt((inner) => inner)
      const { status } = await actors.dance.connection({ provider: 'fake', owner: 'alice' })
      expect(status).toBe('ok')
    },
  )
})

test.each(Object.entries(faults))(
  'a login begins all the same over a storage %s',
  async (_, fault) => {
    const actors = await connectedUser()
    actors.breakIt(fault)
    expect((await actors.jar.send(actors.dance.handle, `${origin}/login/fake`)).status).toBe(302)
  },
)

/** What is asked of a connection that was opened while all was well. */
const calls: Record<string, (connection: AnyConnection) => Promise<unknown>> = {
  fetch: (connection) => connection.fetch('/user'),
  token: (connection) => connection.token(),
  profile: (connection) => connection.profile(),
}
type AnyConnection = Awaited<ReturnType<ReturnType<typeof visit>['connection']>>

describe.each(Object.entries(faults))('under an open connection, a storage %s', (_, fault) => {
  test.each(Object.entries(calls))(
    'is storage_failed at a %s that needs a refresh, and nothing is spent [G8] [G9]',
    async (_name, call) => {
      const actors = await connectedUser()
      const connection = await visit(actors).connection('fake')
      actors.fake.tokenRequests.length = 0
      actors.breakIt(fault)
      const back = travel(7200)
      try {
        expect(await call(connection).catch(codeOf)).toBe('503 storage_failed')
      } finally {
        back()
      }
      expect(actors.fake.tokenRequests.length).toBe(0)
    },
  )

  test('is storage_failed at a disconnect, which revokes nothing [G12]', async () => {
    const actors = await connectedUser()
    const connection = await visit(actors).connection('fake')
    actors.breakIt(fault)
    expect(await connection.disconnect().catch(codeOf)).toBe('503 storage_failed')
    expect(actors.fake.requests.revoke).toEqual([])
  })
})
