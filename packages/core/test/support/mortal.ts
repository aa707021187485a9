import { type CookieJar, cookieJar, type FakeProvider, memoryStorage } from '@fetch-dance/testing'
import {
  type Dance,
  type Kv,
  type RequestStorage,
  sealedCookieStorage,
  type TokenStorage,
} from 'fetch-dance'
import { eventualStorage, memoryCoordinator } from './isolates.ts'
import { origin } from './kit.ts'

/** The life of an isolate: it ends at one of its calls. */
export interface Life {
  /** The calls that took effect, by name. */
  readonly trace: string[]
  /** Settles when it has ended. */
  readonly over: Promise<'dead'>
  /** The same calls, which never settle from the end on. */
  through<T extends object>(back: T): T
}

/**
 * An isolate that dies at its n-th call of storage, coordinator or network: that call never settles, and no later one
 * is made. It dies `before` the call took effect, or `after`.
 */
export function createLife(n: number, when: 'before' | 'after'): Life {
  const trace: string[] = []
  const { promise: over, resolve } = Promise.withResolvers<'dead'>()
  let calls = 0
  const mortal =
    (name: string, call: (...args: unknown[]) => Promise<unknown>) =>
    async (...args: unknown[]): Promise<unknown> => {
      calls += 1
      const isLast = calls === n
      if (calls < n || (isLast && when === 'after')) {
        trace.push(name)
        const answer = await call(...args)
        if (calls < n) return answer
      }
      if (isLast) resolve('dead')
      return new Promise(() => {})
    }
  return {
    trace,
    over,
    through<T extends object>(back: T): T {
      const entries = Object.entries(back).map(([name, value]) => {
        return [name, typeof value === 'function' ? mortal(name, value) : value]
      })
      return Object.fromEntries(entries) as T // every method with the signature it had
    },
  }
}

/** What outlives an isolate. */
export interface Back {
  /** Absent: the tokens are in cookies. */
  readonly storage?: TokenStorage
  readonly coordinator?: Kv
}

/** Where tokens are kept, and what outlives an isolate there. */
export const backs: readonly (readonly [string, () => Back])[] = [
  ['a strong storage', () => ({ storage: memoryStorage() })],
  [
    'an eventual storage with a coordinator',
    () => ({ storage: eventualStorage(), coordinator: memoryCoordinator() }),
  ],
  ['cookies with a coordinator', () => ({ coordinator: memoryCoordinator() })],
  ['an eventual storage alone', () => ({ storage: eventualStorage() })],
  ['cookies alone', () => ({})],
]

/** The options of an isolate over these: of one that lives, or of one that will die. */
export function isolateOver(
  { storage, coordinator }: Back,
  fake: FakeProvider,
  life?: Life,
): { storage: TokenStorage | RequestStorage; fetch: typeof globalThis.fetch } {
  const through = <T extends object>(back: T) => life?.through(back) ?? back
  const kv = coordinator && { coordinator: through(coordinator) }
  return {
    storage: storage ? { ...through(storage), ...kv } : sealedCookieStorage(kv),
    fetch: through({ fetch: fake.fetch }).fetch,
  }
}

/** People with an account each, and a browser each. */
export interface Person {
  readonly name: string
  readonly jar: CookieJar
}

export function person(name: string): Person {
  return { name, jar: cookieJar() }
}

/** A request of a person, who is signed in to the app. */
export function requestOf({ name, jar }: Person, url = `${origin}/`): Request {
  return new Request(url, { headers: { cookie: jar.header(url), 'x-user': name } })
}

/** How a person stands with an app: whose token it is that works for them, else why there is none. */
export async function standingOf(dance: Dance, { name, jar }: Person): Promise<string> {
  const app = dance.wrap(async (_request, visit) => {
    const connection = await visit.connection('fake')
    const standing = async () => {
      const answer = await connection.fetch('/user')
      const { login } = (await answer.json()) as { login?: string } // the fake API's person
      return answer.ok ? `is ${login}` : `answered ${answer.status}`
    }
    const refused = () => `${connection.status}: ${connection.reason}`
    return new Response(await standing().catch(refused))
  })
  return (await jar.send(app, `${origin}/`, { headers: { 'x-user': name } })).text()
}
