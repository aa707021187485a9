import {
  type App,
  cookieJar,
  type FakeProvider,
  fakeProvider,
  walkDance,
} from '@fetch-dance/testing'
import {
  Miniflare,
  type WorkerOptions,
  type Request as WorkerRequest,
  Response as WorkerResponse,
} from 'miniflare'
import { expect, onTestFinished } from 'vitest'
import { appAt } from '../../../testing/test/support/over-http.ts'

const origin = 'https://app.test'
const bindings = {
  DANCE_SECRET: 'hZ3v1mWq0sJt8yLk5dXcB2nRfPg7aUeTiOoV9wMxSjY',
  DANCE_ORIGIN: origin,
}

/** The app of `fixture/serve-app.ts` in two Workers, and Alice, who has connected in the first. */
export interface WorkersApp {
  readonly fake: FakeProvider
  /** Alice opens a page of the app in a Worker. */
  look(worker: 'one' | 'two', path?: string): Promise<Response>
  /** What she is called in 20 answers to requests at once, half of them in each Worker. */
  lookOften(): Promise<string[]>
  /** Alice disconnects in the second Worker. */
  disconnect(): Promise<void>
  /** Moves the clocks of the app and of the provider. */
  later(seconds: number): void
  /** Keeps the provider's token endpoint from answering, until the function returned is called. */
  hold(): () => void
}

/** Starts the Workers, until the test ends. */
export async function connectIn(workers: readonly WorkerOptions[]): Promise<WorkersApp> {
  const fake = fakeProvider()
  const jar = cookieJar()
  let ahead = 0
  let held = Promise.resolve()

  const common = {
    unsafeDirectSockets: [{ port: 0 }],
    async outboundService(request: WorkerRequest) {
      if (request.url.endsWith('/token')) await held
      return ask(fake, request)
    },
  }
  const all = workers.map((one) => {
    return { ...one, ...common, bindings: { ...one.bindings, ...bindings } }
  })
  const miniflare = new Miniflare({ workers: all })
  onTestFinished(() => miniflare.dispose())
  const appOf = async (name: string): Promise<App> => {
    const app = appAt(Number((await miniflare.unsafeGetDirectURL(name)).port))
    return (request) => {
      request.headers.set('x-user', 'alice')
      request.headers.set('x-seconds-ahead', String(ahead))
      return app(request)
    }
  }
  const apps = { one: await appOf('one'), two: await appOf('two') }
  const look: WorkersApp['look'] = (worker, path = '/') => jar.send(apps[worker], origin + path)

  expect(await loginIn(await walkDance(apps.one, fake, `${origin}/`, jar))).toBe('octocat')
  return {
    fake,
    look,
    async lookOften() {
      const answers = Array.from({ length: 20 }, (_, turn) => look(turn % 2 === 0 ? 'one' : 'two'))
      return Promise.all((await Promise.all(answers)).map(loginIn))
    },
    async disconnect() {
      const headers = { accept: 'application/json', 'sec-fetch-mode': 'cors' }
      const init = { method: 'POST', headers }
      const answer = await jar.send(apps.two, `${origin}/login/fake/logout`, init)
      expect(await answer.json()).toMatchObject({ remote: 'revoked' })
    },
    later(seconds) {
      ahead += seconds
      fake.tick(seconds)
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>()
      held = promise
      return resolve
    },
  }
}

/** The login that an answer of the app shows. */
export async function loginIn(answer: Response): Promise<string> {
  const text = await answer.text()
  if (answer.status !== 200) throw new Error(`${answer.status}: ${text}`)
  return JSON.parse(text).login
}

async function ask(fake: FakeProvider, request: WorkerRequest): Promise<WorkerResponse> {
  const { url, method } = request
  const body = await request.text()
  const answer = await fake.fetch(url, {
    method,
    headers: Object.fromEntries(request.headers),
    redirect: 'manual',
    ...(method === 'GET' ? {} : { body }),
  })
  const headers = Object.fromEntries(answer.headers)
  return new WorkerResponse(await answer.text(), { status: answer.status, headers })
}
