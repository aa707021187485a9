import {
  type CookieJar,
  cookieJar,
  fakeProvider,
  memoryStorage,
  walkDance,
} from '@fetch-dance/testing'
import type { TokenStorage } from 'fetch-dance'
import { describe, expect, test } from 'vitest'
import { beginDance } from './support/dancing.ts'
import { type Kit, kit, origin, travel } from './support/kit.ts'

const page = `${origin}/`
const timeout = 200

type Methods = Pick<TokenStorage, 'get' | 'put' | 'delete' | 'list'>

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

/** Users alice and eve are connected; from `breakIt` on the storage is as it is told. */
async function connectedUser() {
  const inner = memoryStorage()
  let methods: Methods = inner
  const storage: TokenStorage = {
    consistency: 'strong',
    get: (key, o) => methods.get(key, o),
    put: (key, record, o) => methods.put(key, record, o),
    delete: (key, o) => methods.delete(key, o),
    list: (query, page) => methods.list(query, page),
  }
  let user = 'eve'
  const fake = fakeProvider({ rotation: 'strict' })
  const actors = kit({ storage, owner: () => user, timeout }, fake)
  for (const id of ['eve', 'alice']) {
    user = id
    fake.set({ person: { id } })
    await walkDance(actors.app, fake, page, cookieJar())
  }
  const callback = await beginDance(actors.dance.handle, fake, actors.jar)
  const breakIt = (how: (inner: TokenStorage) => Methods) => {
    methods = how(inner)
  }
  return { ...actors, breakIt, callback, inner }
}

type Connected = Awaited<ReturnType<typeof connectedUser>>

const visit = (actors: Kit) => actors.dance.visit(new Request(page))
const codeOf = (error: { code?: string; status?: number }) => `${error.status} ${error.code}`
const send = async (actors: Kit, jar: CookieJar, url: string, method = 'GET') => {
  const headers = { accept: 'application/json', 'sec-fetch-site': 'same-origin' }
  const answer = await jar.send(actors.dance.handle, url, { method, headers })
  return `${answer.status} ${(await answer.json()).error}`
}

/** Where a storage is asked, and what came of it: a status and a code. */
const sites: Record<string, (actors: Connected) => Promise<unknown>> = {
  'visit.connection': (actors) => visit(actors).connection('fake').catch(codeOf),
  'visit.require': (actors) => visit(actors).require('fake').catch(codeOf),
  'dance.connection': ({ dance }) =>
    dance.connection({ provider: 'fake', owner: 'alice' }).catch(codeOf),
  'a callback': (actors) => send(actors, actors.jar, actors.callback),
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

test('a storage that shows an old record for a minute never has a spent refresh token sent [G8] [G9]', async () => {
  const actors = await connectedUser()
  const key = { provider: 'fake', owner: 'user:alice' }
  const old = await actors.inner.get(key)
  const back = travel(7200)
  try {
    await (await visit(actors).connection('fake')).token()
    actors.fake.dropAccessTokens()
    actors.breakIt((inner) => ({
      ...inner,
      get: async (asked, o) => (asked.owner === key.owner ? old : inner.get(asked, o)),
    }))
    const said = await visit(actors)
      .connection('fake')
      .then((connection) => connection.fetch('/user'))
      .then(({ status }) => status, codeOf)
    expect([200, 401, '503 storage_failed', '504 provider_timeout']).toContain(said)
    expect(actors.fake.grants).toBe(2)
  } finally {
    back()
  }
})
