import { cookieJar, fakeProvider, walkDance } from '@fetch-dance/testing'
import { createDance } from 'fetch-dance'

/** What the program saw, told to the test outside of the runtime. */
export interface Outcome {
  readonly login: unknown
  readonly api: number
  readonly refreshes: number
  readonly disconnected: number
  readonly statusAfter: number
  /** Globals of Node that exist here. */
  readonly nodeGlobals: readonly string[]
}

/** A whole dance inside one runtime: connect, call the API, refresh, disconnect. */
export async function runDance(oidc: boolean): Promise<Outcome> {
  const fake = fakeProvider({ oidc, rotation: 'strict' })
  const dance = createDance({
    providers: { fake: fake.provider() },
    secret: 'q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k',
    origin: 'https://app.test',
    fetch: fake.fetch,
  })
  const app = dance.wrap(async (_request, visit) => {
    const connection = await visit.require('fake')
    const { status } = await connection.fetch('/user')
    return Response.json({ status, login: (await connection.profile()).raw.login })
  })
  const jar = cookieJar()
  const first = await walkDance(app, fake, 'https://app.test/', jar)
  const { login, status: api } = await first.json()
  const sent = fake.tokenRequests.length
  await laterBy(2 * 60 * 60, () => jar.send(app, 'https://app.test/'))
  const refreshes = fake.tokenRequests.length - sent
  const goodbye = await jar.send(app, 'https://app.test/login/fake/logout', { method: 'POST' })
  const after = await jar.send(app, 'https://app.test/')
  return {
    login,
    api,
    refreshes,
    disconnected: goodbye.status,
    statusAfter: after.status,
    nodeGlobals: ['process', 'Buffer', 'setImmediate', 'global'].filter(
      (name) => name in globalThis,
    ),
  }
}

/** Runs something at a later time, for the app and for the provider. */
async function laterBy(seconds: number, body: () => Promise<unknown>): Promise<void> {
  const now = Date.now
  Date.now = () => now() + seconds * 1000
  try {
    await body()
  } finally {
    Date.now = now
  }
}
