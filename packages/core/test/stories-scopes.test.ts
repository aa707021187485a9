import { fakeProvider, memoryStorage, walkDance } from '@fetch-dance/testing'
import type { Visit } from 'fetch-dance'
import { describe, expect, test } from 'vitest'
import { keepings, openLogin } from './support/dancing.ts'
import { expectEnvelope } from './support/envelope.ts'
import { kit, origin } from './support/kit.ts'

const page = `${origin}/`
const preset = { scopes: ['read'], optionalScopes: ['write', 'admin'] }
const scopesOf = (request: Request | undefined) =>
  new URL(request?.url ?? page).searchParams.get('scope')

/** A dance whose provider grants `read` unless asked for more. */
function scoped(options: object = {}, fake = fakeProvider()) {
  const all = kit({ providers: { fake: fake.provider(preset) }, ...options }, fake)
  const wanting = (...scopes: string[]) =>
    all.dance.wrap(async (_request, visit) => {
      return Response.json((await visit.require('fake', { scopes })).scopes)
    })
  const calling = (path: string) =>
    all.dance.wrap(async (_request, visit: Visit) => {
      return (await visit.require('fake')).fetch(path)
    })
  return { ...all, wanting, calling, lastScope: () => scopesOf(fake.requests.authorize.at(-1)) }
}

describe.each(keepings)('more scopes later, tokens %s', (_, keeping) => {
  test('require() asks for the union of granted and needed, never less A-20', async () => {
    const { app, fake, jar, wanting, lastScope } = scoped(keeping())
    await walkDance(app, fake, page, jar)
    expect(lastScope()).toBe('read')
    expect(await (await walkDance(wanting('write'), fake, page, jar)).json()).toEqual([
      'read',
      'write',
    ])
    expect(lastScope()).toBe('read write')
    const third = await walkDance(wanting('admin'), fake, page, jar)
    expect(await third.json()).toEqual(['read', 'write', 'admin'])
    expect(lastScope()).toBe('read write admin')
    expect((await jar.send(wanting('read', 'admin'), page)).status).toBe(200)
    expect(fake.tokenRequests.length).toBe(3)
  })

  test('a 403 insufficient_scope of the API leads to the same place A-20', async () => {
    const { app, fake, jar, calling, lastScope, dance } = scoped(keeping())
    const reasons: string[] = []
    dance.events.on('needsLogin', ({ reason }) => void reasons.push(reason))
    await walkDance(app, fake, page, jar)
    const answer = await walkDance(calling('/needs?scope=write'), fake, page, jar)
    expect(answer.status).toBe(200)
    expect(lastScope()).toBe('read write')
    expect(reasons).toEqual(['scopes_missing'])
  })

  test('a scope that was asked for and refused is scope_refused, without a loop A-20 [G1]', async () => {
    const { app, fake, jar, wanting, calling } = scoped(keeping())
    await walkDance(app, fake, page, jar)
    fake.set({ granted: ['read'] })
    for (const asking of [wanting('write'), calling('/needs?scope=write')]) {
      const answer = await walkDance(asking, fake, page, jar)
      expect(answer.status).toBe(403)
      const body = await expectEnvelope(answer, fake.secrets())
      expect(body).toContain('href="/login/fake?returnTo=%2F&#38;scopes=write"')
    }
    expect(fake.requests.authorize.length).toBe(2)
    fake.set({ granted: null })
    const again = await walkDance(wanting('write'), fake, `${origin}/login/fake?scopes=write`, jar)
    expect(again.status).toBe(200) // the page's link asks again
  })
})

test('a script gets 403 { error, loginUrl } for a missing scope A-20', async () => {
  const { app, fake, jar, wanting } = scoped()
  await walkDance(app, fake, page, jar)
  const headers = { 'sec-fetch-mode': 'cors', accept: 'application/json' }
  const answer = await jar.send(wanting('write', 'admin'), page, { headers })
  expect(answer.status).toBe(403)
  const loginUrl = '/login/fake?returnTo=%2F&scopes=write+admin'
  expect(JSON.parse(await expectEnvelope(answer))).toEqual({ error: 'scope_required', loginUrl })
})

test.each([
  [
    'names a scope that cannot be asked for',
    { headers: { 'www-authenticate': 'Bearer error="insufficient_scope", scope="root"' } },
  ],
  [
    'names a scope that was granted',
    { headers: { 'www-authenticate': 'Bearer error="insufficient_scope", scope="read"' } },
  ],
  ['names no scope', { headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' } }],
])('an API whose 403 %s does not send the visitor round in circles A-20', async (_name, fault) => {
  const { app, fake, jar, calling } = scoped()
  await walkDance(app, fake, page, jar)
  fake.fault({ endpoint: 'api', status: 403, body: {}, times: Number.POSITIVE_INFINITY, ...fault })
  const answer = await walkDance(calling('/x'), fake, page, jar)
  expect(answer.status).toBe(403)
  expect(fake.requests.authorize.length).toBe(1)
})

test('an undeclared scope is scope_not_allowed at once, from code and from the URL A-20', async () => {
  const { dance, fake, jar, wanting } = scoped()
  await expect(jar.send(wanting('root'), page)).rejects.toMatchObject({ code: 'scope_not_allowed' })
  const visit = dance.visit(new Request(page))
  const connection = await visit.connection('fake')
  expect(() => connection.loginUrl({ scopes: ['root'] })).toThrow(
    expect.objectContaining({ code: 'scope_not_allowed', scopes: ['root'] }),
  )
  const answer = await jar.send(dance.handle, `${origin}/login/fake?scopes=write,root`)
  expect(answer.status).toBe(400)
  await expectEnvelope(answer)
  expect(fake.requests.authorize.length).toBe(0)
})

test.each([
  ['narrower', { granted: ['read'] }, ['read'], ['write']],
  ['reordered', { granted: ['write', 'read'] }, ['write', 'read'], []],
  ['wider', { granted: ['read', 'write', 'gift'] }, ['read', 'write', 'gift'], []],
  ['joined by commas', { scopeSeparator: ',' }, ['read', 'write'], []],
  ['left out', { omitScope: true }, ['read', 'write'], []],
] as const)(
  'scopes %s are a success, and data on the event NX-07',
  async (_name, settings, granted, missing) => {
    const { dance, fake, jar } = scoped({ storage: memoryStorage() })
    let seen: object = {}
    dance.events.on('authorized', ({ scopes }) => {
      seen = scopes
    })
    fake.set(settings)
    const answer = await walkDance(dance.handle, fake, `${origin}/login/fake?scopes=write`, jar)
    expect(answer.status).toBe(404) // home, where the dance alone has nothing
    expect(seen).toEqual({ requested: ['read', 'write'], granted, missing })
  },
)

test('scopesChanged tells what a login changed', async () => {
  const { app, dance, fake, jar, wanting } = scoped()
  const changes: object[] = []
  dance.events.on('scopesChanged', ({ before, connection }) => {
    changes.push({ before, after: connection.scopes })
  })
  await walkDance(app, fake, page, jar)
  await walkDance(app, fake, `${origin}/login/fake`, jar)
  expect(changes).toEqual([])
  await walkDance(wanting('write'), fake, page, jar)
  expect(changes).toEqual([{ before: ['read'], after: ['read', 'write'] }])
})

test('the scopes of a URL may be separated by spaces or commas', async () => {
  const { dance, jar } = scoped()
  for (const separated of ['write+admin', 'write,admin', 'write%20admin']) {
    const url = await openLogin(dance.handle, jar, `${origin}/login/fake?scopes=${separated}`)
    expect(url.searchParams.get('scope')).toBe('read write admin')
  }
})
