import { type CookieJar, cookieJar, type FakeProvider, signedInJar } from '@fetch-dance/testing'
import type { Dance } from 'fetch-dance'
import type { RecordedRequest, Visitor } from '../requests/request.ts'
import type { WireRequest } from './wire.ts'

/** What visitors are made of: a dance with the same secret as the app's, and the providers. */
export interface Sources {
  readonly dance: Dance
  readonly fake: FakeProvider
  readonly posting: FakeProvider
}

/** Fills in who sends a request: a visitor that nobody was before. */
export async function fillIn(sources: Sources, request: RecordedRequest): Promise<WireRequest> {
  const { cookie, state = 'unknown', code = 'unknown' } = await visitors[request.as](sources)
  const values = { state, code, issuer: encodeURIComponent(sources.posting.issuer) }
  const fill = (text: string) =>
    text.replace(/\{(state|code|issuer)\}/g, (_, name: keyof typeof values) => values[name])
  const { method, target, body = [] } = request
  return {
    method,
    target: fill(target),
    headers: [...request.headers, ...(cookie === '' ? [] : [['cookie', cookie] as const])],
    pieces: [body].flat().map(fill),
    streams: typeof body !== 'string' && body.length > 0,
  }
}

interface Sender {
  /** The Cookie header. */
  readonly cookie: string
  readonly state?: string
  readonly code?: string
}

const home = 'https://app.test'

const visitors: Readonly<Record<Visitor, (sources: Sources) => Promise<Sender>>> = {
  stranger: async () => ({ cookie: '' }),
  connected: async (sources) => ({ cookie: (await connect(sources, {})).header() }),
  expired: async (sources) => ({
    cookie: (await connect(sources, { expiresAt: 1 })).header(),
  }),
  returning: (sources) => leave(sources, 'fake', cookieJar()),
  posting: (sources) => leave(sources, 'posting', cookieJar()),
  late: (sources) => elevenMinutesAgo(() => leave(sources, 'fake', cookieJar())),
  'returning again': async (sources) => leave(sources, 'fake', await connect(sources, {})),
  async crowded(sources) {
    const jar = cookieJar()
    for (let flows = 0; flows < 5; flows += 1) await leave(sources, 'fake', jar)
    return { cookie: jar.header() }
  },
}

function connect({ dance, fake }: Sources, changes: { expiresAt?: number }): Promise<CookieJar> {
  return signedInJar(dance, 'fake', { ...fake.issueToken({ scopes: ['profile'] }), ...changes })
}

/** Begins a login, and lets the provider answer: by a redirect, or with a form. */
async function leave(sources: Sources, name: 'fake' | 'posting', jar: CookieJar): Promise<Sender> {
  const left = await jar.send(sources.dance.handle, `${home}/login/${name}`)
  const answer = await sources[name].fetch(left.headers.get('location') ?? '', {
    redirect: 'manual',
  })
  const { searchParams } = new URL(answer.headers.get('location') ?? home)
  const form = await answer.text()
  const field = (wanted: string) =>
    searchParams.get(wanted) ?? new RegExp(`name="${wanted}" value="([^"]*)"`).exec(form)?.[1]
  const [state, code] = [field('state'), field('code')]
  if (!state || !code) throw new Error(`No answer of ${name}: ${left.status}, ${answer.status}`)
  return { cookie: jar.header(), state, code }
}

async function elevenMinutesAgo<T>(action: () => Promise<T>): Promise<T> {
  const now = Date.now
  Date.now = () => now() - 11 * 60_000
  try {
    return await action()
  } finally {
    Date.now = now
  }
}
