import {
  type App,
  type CookieJar,
  cookieJar,
  type FakeProvider,
  fakeProvider,
  walkDance,
} from '@fetch-dance/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { origin, type WorkersApp, workersApp } from './support/workers-app.ts'

const coordinated = [
  'Workers KV beside a Durable Object',
  'Workers KV beside D1',
  'Durable Objects',
  'D1',
  'D1 behind a cache',
]

describe('a dance in two Workers', () => {
  test.each(coordinated)(
    'over %s: connects, refreshes once for 20 requests, disconnects [G9]',
    async (storage) => {
      const { fake, one, two, jar, later } = await connect(storage)
      expect(await loginOf(await jar.send(two, `${origin}/`))).toBe('octocat')
      expect(fake.tokenRequests.length).toBe(1)

      fake.set({ rotation: 'strict' })
      later(3600)
      expect(await askOften({ one, two, jar })).toEqual(Array(20).fill('octocat'))
      expect(fake.tokenRequests.length).toBe(2)
      expect(await loginOf(await jar.send(one, `${origin}/`))).toBe('octocat')

      await disconnect(two, jar)
      expect(fake.grants).toBe(0)
      for (const app of [one, two]) expect((await jar.send(app, `${origin}/`)).status).toBe(302)
    },
  )

  test('over Workers KV alone: each Worker refreshes for itself [G9]', async () => {
    const { fake, one, two, jar, later } = await connect('Workers KV')
    later(3600)
    expect(await askOften({ one, two, jar })).toEqual(Array(20).fill('octocat'))
    expect(fake.tokenRequests.length).toBeGreaterThan(1)
    expect(fake.tokenRequests.length).toBeLessThanOrEqual(3)
    await disconnect(two, jar)
    for (const app of [one, two]) expect((await jar.send(app, `${origin}/`)).status).toBe(302)
  })
})

describe('in workerd, where a promise of a request that has ended may never settle', () => {
  test.each(['Durable Objects', 'Workers KV beside D1', 'Workers KV', 'cookies'])(
    'over %s: a refresh whose request answered early hangs nobody who waits for it [G5]',
    async (storage) => {
      const { one, jar, later, hold } = await connect(storage)
      later(3600)
      const release = hold()
      const early = jar.send(one, `${origin}/early`)
      await pause(250)
      const began = performance.now()
      const waiting = jar.send(one, `${origin}/`)
      expect(await (await early).text()).toBe('early')
      const late = jar.send(one, `${origin}/`)
      for (const answer of await Promise.all([waiting, late])) expect(answer.status).toBe(504)
      expect(performance.now() - began).toBeLessThan(6_000)

      release()
      later(60) // the claim has lapsed
      expect(await loginOf(await jar.send(one, `${origin}/`))).toBe('octocat')
    },
  )
})

interface Connected extends WorkersApp {
  readonly fake: FakeProvider
  readonly jar: CookieJar
  /** Moves the clocks of the app and of the provider. */
  later(seconds: number): void
  /** Keeps the provider's token endpoint from answering, until the function returned is called. */
  hold(): () => void
}

/** The app over a storage, with a visitor who has connected in the first Worker. */
async function connect(storage: string): Promise<Connected> {
  const fake = fakeProvider()
  const clock = { ahead: 0 }
  let held = Promise.resolve()
  const ask: typeof fetch = async (input, init) => {
    if (String(input).endsWith('/token')) await held
    return fake.fetch(input, init)
  }
  const app = await workersApp(storage, ask, clock)
  onTestFinished(() => app.dispose())
  const jar = cookieJar()
  expect(await loginOf(await walkDance(app.one, fake, `${origin}/`, jar))).toBe('octocat')
  return {
    ...app,
    fake,
    jar,
    later(seconds) {
      clock.ahead += seconds
      fake.tick(seconds)
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>()
      held = promise
      return resolve
    },
  }
}

/** What 20 requests at once answer, half of them in each Worker. */
async function askOften({
  one,
  two,
  jar,
}: {
  one: App
  two: App
  jar: CookieJar
}): Promise<string[]> {
  const apps = Array.from({ length: 20 }, (_, turn) => (turn % 2 === 0 ? one : two))
  const answers = await Promise.all(apps.map((app) => jar.send(app, `${origin}/`)))
  return Promise.all(answers.map(loginOf))
}

async function loginOf(answer: Response): Promise<string> {
  const text = await answer.text()
  if (answer.status !== 200) throw new Error(`${answer.status}: ${text}`)
  return JSON.parse(text).login
}

async function disconnect(app: App, jar: CookieJar): Promise<void> {
  const headers = { accept: 'application/json', 'sec-fetch-mode': 'cors' }
  const answer = await jar.send(app, `${origin}/login/fake/logout`, { method: 'POST', headers })
  expect(await answer.json()).toMatchObject({ remote: 'revoked' })
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
