import {
  type CookieJar,
  type FakePreset,
  fakeProvider,
  memoryStorage,
  signedInJar,
} from '@fetch-dance/testing'
import type { VisitConnectionOf } from 'fetch-dance'
import { type Bench, bench } from './bench.ts'
import { origin } from './kit.ts'

/** An API call as it arrived. */
export interface Call {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly body: string
  readonly bearer: string | null
}

/** A connected browser before an API that answers by script. */
export interface ApiBench extends Bench {
  readonly calls: Call[]
  /** What an app does with the connection: its outcome, or what it threw. */
  ask<T>(
    act: (connection: VisitConnectionOf<Record<never, never>, never>) => Promise<T>,
  ): Promise<T | unknown>
}

/** Answers by URL; what is not in the script answers 200 and its own path. */
export type Script = Readonly<Record<string, (call: Call) => Response>>

/** Lays out an API at https://fake.test/api and on all other hosts; `preset` and `options` change the dance. */
export async function scriptedApi(
  script: Script = {},
  {
    preset = {},
    options = {},
    rotation = 'none',
  }: { preset?: FakePreset; options?: object; rotation?: 'none' | 'strict' } = {},
): Promise<ApiBench> {
  const fake = fakeProvider({ rotation })
  const calls: Call[] = []
  const send: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    const { url, method, headers } = request
    if (['/token', '/revoke'].some((path) => url === fake.issuer + path)) return fake.fetch(request)
    request.signal.throwIfAborted()
    const body = await request.text()
    const call = { url, method, headers, body, bearer: bearerOf(headers) }
    calls.push(call)
    return script[url]?.(call) ?? new Response(new URL(url).pathname)
  }
  const providers = { fake: fake.provider({ apiBase: 'https://fake.test/api', ...preset }) }
  const b = bench({ storage: memoryStorage(), providers, fetch: send, ...options }, fake)
  const jar: CookieJar = await signedInJar(b.dance, 'fake', fake.issueToken())
  return { ...b, jar, calls, ask: (act) => askIn({ ...b, jar }, act) }
}

/** A redirect. */
export function to(location: string, status = 302): () => Response {
  return () => new Response(null, { status, headers: { location } })
}

async function askIn(b: Bench, act: (connection: never) => Promise<unknown>): Promise<unknown> {
  let outcome: unknown
  const app = b.dance.wrap(async (_request, visit) => {
    // the dance of a bench does not know its providers by type
    outcome = await act((await visit.connection('fake')) as never).catch((error: unknown) => error)
    return new Response()
  })
  await b.jar.send(app, `${origin}/`)
  return outcome
}

function bearerOf(headers: Headers): string | null {
  return /^Bearer (.*)$/.exec(headers.get('authorization') ?? '')?.[1] ?? null
}
