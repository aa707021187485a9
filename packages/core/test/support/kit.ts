import { type CookieJar, cookieJar, type FakeProvider, fakeProvider } from '@fetch-dance/testing'
import { createDance, type Dance, type DanceError } from 'fetch-dance'

/** A secret for tests: 32 octets drawn once. */
export const secret = 'hZ3v1mWq0sJt8yLk5dXcB2nRfPg7aUeTiOoV9wMxSjY'
/** The app's origin in tests. */
export const origin = 'https://app.test'

/** What a test of the whole dance stands on. */
export interface Kit {
  readonly fake: FakeProvider
  readonly dance: Dance
  readonly jar: CookieJar
  /** `error` events, in order. */
  readonly errors: DanceError[]
  /** Every event's name, in order. */
  readonly events: string[]
  /** An app that asks the API for the person, and answers its login. */
  readonly app: (request: Request) => Promise<Response>
}

type AnyOptions = Omit<Parameters<typeof createDance>[0], 'providers'> & { providers?: object }

const eventNames = [
  'beforeLogin',
  'authorized',
  'stored',
  'refreshed',
  'scopesChanged',
  'needsLogin',
  'disconnected',
  'uncoordinated',
] as const

/** A dance with one fake provider named `fake`, and an app behind it. */
export function kit(options: AnyOptions | object = {}, fake: FakeProvider = fakeProvider()): Kit {
  const all = {
    providers: { fake: fake.provider() },
    secret,
    origin,
    fetch: fake.fetch,
    ...options,
  }
  // Tests put together options of many shapes; what createDance thinks of them is what is tested
  const dance: Dance = createDance(all as Parameters<typeof createDance>[0])
  const errors: DanceError[] = []
  const events: string[] = []
  dance.events.on('error', ({ error }) => void errors.push(error))
  for (const name of eventNames) dance.events.on(name, () => void events.push(name))
  const app = dance.wrap(async (_request, visit) => {
    const connection = await visit.require('fake')
    return connection.fetch('/user')
  })
  return { fake, dance, jar: cookieJar(), errors, events, app }
}

/** Moves the app's clock, until the function returned is called. */
export function travel(seconds: number): () => void {
  const now = Date.now
  Date.now = () => now() + seconds * 1000
  return () => {
    Date.now = now
  }
}
