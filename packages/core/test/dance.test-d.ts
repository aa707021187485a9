import { github } from '@fetch-dance/providers/github'
import { google } from '@fetch-dance/providers/google'
import {
  type Connection,
  type ConnectionOf,
  createDance,
  type Dance,
  DanceError,
  type DanceErrorCode,
  oauth2Provider,
  oidcProvider,
  type Profile,
  type Token,
  type Visit,
} from 'fetch-dance'
import { describe, expectTypeOf, test } from 'vitest'

const providers = { github: github(), work: google(), home: google({ offline: true }) }
const dance = createDance({ providers })
const visit = dance.visit(new Request('https://app.test/'))

describe('the names of providers', () => {
  test('are known everywhere', async () => {
    const connection = await visit.connection('github')
    expectTypeOf(connection.provider).toEqualTypeOf<'github'>()
    expectTypeOf((await visit.require('work')).provider).toEqualTypeOf<'work'>()
    expectTypeOf(dance.paths).parameter(0).toEqualTypeOf<'github' | 'work' | 'home'>()
    expectTypeOf(dance.paths('home')).toEqualTypeOf<{
      login: string
      callback: string
      logout: string
    }>()
  })

  test('that are unknown do not compile', () => {
    // @ts-expect-error no provider of that name
    visit.connection('gitlab')
    // @ts-expect-error no provider of that name
    visit.require('gitlab')
    // @ts-expect-error no provider of that name
    dance.paths('gitlab')
    // @ts-expect-error no provider of that name
    dance.connection({ provider: 'gitlab', owner: '1' })
    // @ts-expect-error no provider of that name
    dance.events.on('stored', () => {}, { provider: 'gitlab' })
    dance.wrap((_request, inner) => {
      // @ts-expect-error no provider of that name
      inner.require('gitlab')
      return new Response()
    })
  })
})

describe('profiles', () => {
  test('bring the raw profile of their own provider', async () => {
    const profile = await (await visit.connection('github')).profile()
    expectTypeOf(profile.id).toEqualTypeOf<string>()
    expectTypeOf(profile.raw.login).toEqualTypeOf<string>()
    // @ts-expect-error that is a member of Google's
    profile.raw.hd
  })

  test('are told apart by the provider in a list', async () => {
    for (const one of await visit.connections()) {
      if (one.provider === 'github')
        expectTypeOf((await one.profile()).raw.login).toBeString()
        // @ts-expect-error not known before the provider is
      ;(await one.profile()).raw.login
    }
  })

  test('of a provider of one’s own have the type it is given', async () => {
    const strava = oauth2Provider<{ id: number }>({
      id: 'strava',
      authorizationEndpoint: 'https://s.test/a',
      tokenEndpoint: 'https://s.test/t',
    })
    const own = createDance({ providers: { strava } }).visit(new Request('https://a.test'))
    const { raw } = await (await own.connection('strava')).profile()
    expectTypeOf(raw.id).toEqualTypeOf<number>()
    const work = oidcProvider({ id: 'work', issuer: 'https://work.test' })
    const other = createDance({ providers: { work } }).visit(new Request('https://a.test'))
    const profile = await (await other.connection('work')).profile()
    expectTypeOf(profile).toEqualTypeOf<Profile<Record<string, unknown>>>()
  })
})

describe('connections', () => {
  test('of a visit can send to a login, those without a request cannot', async () => {
    const connection = await visit.connection('work')
    expectTypeOf(connection.loginUrl({ returnTo: '/', scopes: ['a'] })).toBeString()
    const params = { hd: 'app.test' }
    expectTypeOf(connection.login({ params, prompt: 'consent' })).toEqualTypeOf<Promise<Response>>()
    const job = await dance.connection({ provider: 'home', owner: 'u1' })
    expectTypeOf(job.provider).toEqualTypeOf<'home'>()
    expectTypeOf(await job.token({ minValidity: 300 })).toEqualTypeOf<Token>()
    expectTypeOf(job.connectUrl({ ttl: 60, returnTo: '/' })).toEqualTypeOf<Promise<string>>()
    expectTypeOf(connection.connectUrl).toEqualTypeOf(job.connectUrl)
    // @ts-expect-error a link does not live for ever
    job.connectUrl({ returnTo: '/' })
    // @ts-expect-error no request, no redirect
    job.login()
    // @ts-expect-error no request, no way back
    job.loginUrl()
  })

  test('say what they are, and nobody sets it', async () => {
    const connection = await visit.connection('github')
    expectTypeOf(connection.status).toEqualTypeOf<'none' | 'ok' | 'expired' | 'needs_login'>()
    expectTypeOf(connection.reason).toEqualTypeOf<
      'expired' | 'revoked' | 'refresh_interrupted' | 'scopes_missing' | null
    >()
    expectTypeOf(connection.owner).toEqualTypeOf<string | null>()
    expectTypeOf(connection.account).toEqualTypeOf<string | null>()
    expectTypeOf(connection.scopes).toEqualTypeOf<readonly string[]>()
    const { remote } = await connection.disconnect({ revoke: false })
    expectTypeOf(remote).toEqualTypeOf<'revoked' | 'unsupported' | 'failed' | 'skipped'>()
    // @ts-expect-error read only
    connection.authorized = true
    // @ts-expect-error a token never is a member
    connection.accessToken
  })

  test('without a request need an owner', () => {
    // @ts-expect-error whose?
    dance.connection({ provider: 'home' })
  })

  test('are a union over all providers', () => {
    type All = Connection<typeof providers>
    expectTypeOf<All['provider']>().toEqualTypeOf<'github' | 'work' | 'home'>()
    expectTypeOf<Extract<All, { provider: 'home' }>>().toEqualTypeOf<
      ConnectionOf<typeof providers, 'home'>
    >()
  })
})

test('walks of a storage say where they ended, and are told how far to go', async () => {
  const swept = await dance.sweep({ expiringWithin: 60, limit: 10 })
  expectTypeOf(swept).toEqualTypeOf<{ refreshed: number; failed: number; after?: string }>()
  const resealed = await dance.reseal({ limit: 10, ...resumed(swept) })
  expectTypeOf(resealed).toEqualTypeOf<{ resealed: number; after?: string }>()
  // @ts-expect-error how far?
  dance.sweep({ expiringWithin: 60 })
  // @ts-expect-error how many?
  dance.reseal({})
})

function resumed({ after }: { after?: string }): { after?: string } {
  return after === undefined ? {} : { after }
}

describe('wrap()', () => {
  test('keeps what a runtime passes behind the request', () => {
    const app = dance.wrap((_request, _visit, env: { KV: object }, context: ExecutionContext) => {
      context.waitUntil(Promise.resolve(env.KV))
      return new Response()
    })
    expectTypeOf(app).toEqualTypeOf<
      (request: Request, env: { KV: object }, context: ExecutionContext) => Promise<Response>
    >()
    const plain = dance.wrap(async () => new Response())
    expectTypeOf(plain).toEqualTypeOf<(request: Request) => Promise<Response>>()
    // @ts-expect-error an app answers a Response
    dance.wrap(() => 'text')
  })
})

interface ExecutionContext {
  waitUntil(promise: Promise<unknown>): void
}

test('a dance of any providers is a Dance, and its visit a Visit', () => {
  const takesDance = (any: Dance) => any.handle(new Request('https://app.test/'))
  const takesVisit = (any: Visit) => any.connection('whatever')
  expectTypeOf(takesDance(dance)).toEqualTypeOf<Promise<Response>>()
  takesVisit(visit)
})

test('errors: switch on the code, the list is closed', () => {
  const explain = (error: unknown) => {
    if (!(error instanceof DanceError)) return null
    expectTypeOf(error.code).toEqualTypeOf<DanceErrorCode>()
    expectTypeOf(error.loginUrl).toEqualTypeOf<string | undefined>()
    // @ts-expect-error no such code
    return error.code === 'login_failed' ? error.status : error.scopes
  }
  expectTypeOf(explain).returns.toEqualTypeOf<number | readonly string[] | null | undefined>()
})
