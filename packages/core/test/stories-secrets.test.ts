import { cookieJar, fakeProvider, memoryStorage, walkDance } from '@fetch-dance/testing'
import { createDance, type Dance } from 'fetch-dance'
import { describe, expect, test } from 'vitest'
import { danceCookies, keepings, staleJar } from './support/dancing.ts'
import { dump } from './support/dump.ts'
import { expectClean } from './support/envelope.ts'
import { kit, origin, secret, travel } from './support/kit.ts'
import { unreliableStorage } from './support/unreliable-storage.ts'

const page = `${origin}/`
const newer = 'f3f6a1c0b2d94e5788a1b0c9d8e7f6a5b4c3d2e1f00112233445566778899aab'
const eventNames =
  'beforeLogin authorized stored refreshed scopesChanged needsLogin disconnected error'

/** Everything a dance says to handlers and loggers, written down. */
function listener() {
  const lines: string[] = []
  const on = Object.fromEntries(
    eventNames
      .split(' ')
      .map((name) => [name, (event: object) => void lines.push(name, dump(event))]),
  )
  const logger = { log: (...parts: unknown[]) => void lines.push(dump(parts)) }
  const onError = (...parts: unknown[]) => void lines.push(dump(parts))
  return { lines, options: { on, logger, onError } }
}

describe.each([
  ['OAuth 2', {}],
  ['OpenID Connect', { oidc: true }],
])('over %s', (_, speaks) => {
  test('no cookie, storage value, log line or event shows a token, secret, code or verifier A-10 NX-20 [G11]', async () => {
    const fake = fakeProvider({ rotation: 'strict', ...speaks })
    const storage = unreliableStorage()
    const { lines, options } = listener()
    const cookies: string[] = []
    const { dance, jar } = kit({ storage, ...options }, fake)
    const app = dance.wrap(async (_request, visit) => {
      const connection = await visit.require('fake')
      lines.push(dump(connection), JSON.stringify(connection))
      return connection.fetch('/user')
    })
    const observed = async (request: Request) => {
      const answer = await app(request)
      cookies.push(...answer.headers.getSetCookie())
      return answer
    }
    await walkDance(observed, fake, page, jar)
    const returned = travel(7200)
    await jar.send(observed, page)
    returned()
    await jar.send(observed, `${origin}/login/fake/callback?code=planted&state=planted`)
    fake.fault({ endpoint: 'token', status: 400, body: { error: 'invalid_grant' } })
    await walkDance(observed, fake, `${origin}/login/fake`, jar)
    await jar.send(observed, `${origin}/login/fake/logout`, { method: 'POST' })
    expect(lines).toEqual(expect.arrayContaining(['stored', 'refreshed', 'error', 'disconnected']))
    expect(storage.values.length).toBeGreaterThan(1)
    const sessions = jar.cookies().map(({ value }) => value)
    expectClean(lines.join('\n'), [...fake.secrets(), ...sessions, 'planted'])
    expectClean([...cookies, ...storage.values].join('\n'), fake.secrets())
  })
})

test.each(keepings)(
  'one flipped octet of what is kept %s is never opened A-10',
  async (_, keeping) => {
    const { app, fake, jar } = kit(keeping())
    await walkDance(app, fake, page, jar)
    const name = '__Host-dance.fake'
    const value = jar.get(name) ?? ''
    for (let index = 0; index < value.length; index += 37) {
      const flipped =
        value.slice(0, index) + (value[index] === 'A' ? 'B' : 'A') + value.slice(index + 1)
      const spoiled = cookieJar()
      spoiled.store(
        new Response(null, { headers: { 'set-cookie': `${name}=${flipped}; Secure; Path=/` } }),
        page,
      )
      const answer = await spoiled.send(app, page)
      expect(answer.status).toBe(302)
      expect(answer.headers.getSetCookie()).toEqual([]) // absent, and left in place
    }
    expect((await jar.send(app, page)).status).toBe(200)
  },
)

test('a spoiled record in a storage is storage_failed, and a new login replaces it A-10', async () => {
  const storage = memoryStorage()
  const { app, fake, jar } = kit({ storage, owner: () => 'alice' })
  await walkDance(app, fake, page, jar)
  const found = await storage.get({ provider: 'fake', owner: 'user:alice' })
  if (!found) throw new Error('nothing is stored')
  const value = `${found.value.slice(0, -2)}${found.value.endsWith('AA') ? 'BA' : 'AA'}`
  await storage.put(found.key, { value, connectedAt: 1 })
  await expect(jar.send(app, page)).rejects.toMatchObject({ code: 'storage_failed', status: 503 })
  expect(await storage.get(found.key)).toMatchObject({ value }) // reading deletes nothing
  expect((await walkDance(app, fake, `${origin}/login/fake`, jar)).status).toBe(200)
})

test.each(keepings)(
  'what an older secret sealed %s opens, and is sealed anew when written A-10 F-44',
  async (_, keeping) => {
    const kept = keeping()
    const fake = fakeProvider()
    const before = kit(kept, fake)
    const jar = await staleJar(before.dance, fake)
    const rotated = kit({ ...kept, secret: [newer, secret] }, fake)
    expect((await jar.send(rotated.app, page)).status).toBe(200) // refreshed, so written
    const after = kit({ ...kept, secret: [newer] }, fake)
    expect(await statusIn(after.dance, jar.header(page))).toBe('ok')
  },
)

test('a secret that is no longer listed opens nothing F-44', async () => {
  const { app, fake, jar } = kit()
  await walkDance(app, fake, page, jar)
  expect((await jar.send(kit({ secret: newer }, fake).app, page)).status).toBe(302)
})

test('secrets come from env, newest first, and are needed at first use only A-10', async () => {
  const fake = fakeProvider()
  const { fetch } = fake
  const options = { providers: { fake: fake.provider() }, origin, fetch }
  const dance = createDance({ ...options, env: { DANCE_SECRET: `${newer},${secret}` } })
  const jar = cookieJar()
  await walkDance(dance.handle, fake, `${origin}/login/fake`, jar)
  expect(danceCookies(jar)).toEqual(['fake'])
  expect(await statusIn(kit({ secret: newer }, fake).dance, jar.header(page))).toBe('ok')
  const answer = await cookieJar().send(createDance(options).handle, `${origin}/login/fake`)
  expect(answer.status).toBe(500)
})

async function statusIn(dance: Dance, cookie: string): Promise<string> {
  const request = new Request(page)
  // Some runtimes refuse a Cookie header to a Request, as browsers do
  Object.defineProperty(request, 'headers', { value: new Headers({ cookie }) })
  return (await dance.visit(request).connection('fake')).status
}
