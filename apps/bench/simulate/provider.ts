import { type FakeProvider, fakeProvider } from '@fetch-dance/testing'
import type { Provider } from 'fetch-dance'
import type { Runner } from './clock.ts'
import type { Random } from './random.ts'
import type { Row } from './rows.ts'

/** A provider that ends a grant when a refresh token comes twice, and keeps the books. */
export interface SimulatedProvider {
  readonly fake: FakeProvider
  preset(): Provider
  /** The network as one isolate sees it. */
  fetchFor(isolate: Runner): typeof globalThis.fetch
  /** Milliseconds until something arrives there, or comes back. */
  latency(): number
  /** Refreshes that arrived. */
  readonly refreshes: number
  /** How often a refresh token came that had not been refused before. */
  readonly repeats: number
  /** Those among them that nobody can help: whoever had sent it died, or its answer was lost. */
  readonly excused: number
}

/** A refresh token that arrived, and what became of it. */
interface Arrival {
  readonly isolate: Runner
  isRefused?: true
  isLost?: true
}

/** Makes a provider whose access tokens live for a minute. */
export function createProvider(
  random: Random,
  { serverErrors = 0, lostAnswers = 0, login }: Row,
  happens: (share: number) => boolean,
): SimulatedProvider {
  // its tokens are honoured a little longer than it says: the clocks of isolates differ
  const token = (body: Record<string, unknown>) => ({ ...body, expires_in: 60 })
  const fake = fakeProvider({ rotation: 'strict', expiresIn: 65, tamper: { token } })
  const arrivals = new Map<string, Arrival[]>()
  const pace = random.pick([0.2, 1, 4])
  const books = { refreshes: 0, repeats: 0, excused: 0 }

  const arrive = (token: string, isolate: Runner): Arrival => {
    const arrival: Arrival = { isolate }
    const earlier = (arrivals.get(token) ?? []).filter(({ isRefused }) => !isRefused)
    arrivals.set(token, [...earlier, arrival])
    books.refreshes += 1
    if (earlier.length === 0) return arrival
    books.repeats += 1
    if (earlier.every(({ isolate, isLost }) => isLost || isolate.isDead)) books.excused += 1
    return arrival
  }

  const refresh = async (arrival: Arrival, answer: () => Promise<Response>) => {
    if (happens(serverErrors)) {
      arrival.isRefused = true
      return new Response('out of order', { status: 503 })
    }
    const response = await answer()
    if (!happens(lostAnswers)) return response
    arrival.isLost = true
    if (random.chance(0.5)) return new Promise<never>(() => {})
    throw new TypeError('fetch failed')
  }

  return {
    fake,
    preset: () => fake.provider(),
    latency: () =>
      random.chance(0.02) ? random.between(1000, 4000) : random.between(20, 400) * pace,
    fetchFor: (isolate) => async (input, init) => {
      const form = new URLSearchParams(typeof init?.body === 'string' ? init.body : '')
      const token = form.get('refresh_token')
      if (token !== null) {
        return refresh(arrive(token, isolate), () => fake.fetch(input, init))
      }
      // a login brings a refresh token or none; refreshes always do
      fake.set({ refreshToken: login !== 'without' || fake.grants === 0 })
      return fake.fetch(input, init)
    },
    get refreshes() {
      return books.refreshes
    },
    get repeats() {
      return books.repeats
    },
    get excused() {
      return books.excused
    },
  }
}
