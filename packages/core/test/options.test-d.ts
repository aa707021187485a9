import { github } from '@fetch-dance/providers/github'
import { google } from '@fetch-dance/providers/google'
import { createDance, oauth2Provider, sealedCookieStorage, type TokenStorage } from 'fetch-dance'
import { describe, expectTypeOf, test } from 'vitest'

declare const storage: TokenStorage
const providers = { github: github(), work: google() }
const isOperator = (request: Request) => request.headers.get('x-role') === 'operator'

describe('providers', () => {
  test('cannot be left out', () => {
    // @ts-expect-error no providers
    createDance({})
    // @ts-expect-error no providers
    createDance({ secret: 'x', origin: 'https://app.test' })
    // @ts-expect-error a preset is called
    createDance({ providers: { github } })
    // @ts-expect-error what is no option does not compile
    createDance({ providers, clientSecret: 'x' })
  })

  test('of one’s own need their endpoints', () => {
    const facts = { id: 'x', authorizationEndpoint: 'https://x.test/a' }
    // @ts-expect-error no tokenEndpoint
    oauth2Provider(facts)
    // @ts-expect-error PKCE cannot be plain
    oauth2Provider({ ...facts, tokenEndpoint: 'https://x.test/t', pkce: 'plain' })
  })
})

describe('an owner', () => {
  test('may be absent, or a function of the request', () => {
    createDance({ providers })
    createDance({ providers, storage })
    createDance({ providers, storage: sealedCookieStorage() })
    createDance({ providers, owner: () => null })
    createDance({ providers, owner: async (request) => request.headers.get('x-user'), storage })
    createDance({ providers, authorizeLogin: isOperator })
    // @ts-expect-error an id or null
    createDance({ providers, owner: () => undefined })
    // @ts-expect-error an id or null
    createDance({ providers, owner: () => 7 })
  })

  test('that is fixed needs a guard and a storage on the server', () => {
    createDance({ providers, owner: 'app', storage, authorizeLogin: isOperator })
    // @ts-expect-error no guard
    createDance({ providers, owner: 'app', storage })
    // @ts-expect-error no storage
    createDance({ providers, owner: 'app', authorizeLogin: isOperator })
    // @ts-expect-error a storage in one visitor's cookies
    createDance({
      providers,
      owner: 'app',
      authorizeLogin: isOperator,
      storage: sealedCookieStorage(),
    })
    // @ts-expect-error neither
    createDance({ providers, owner: 'app' })
  })
})

describe('what knows the providers', () => {
  test('the guard, onError and on', () => {
    createDance({
      providers,
      authorizeLogin(_request, { provider, action }) {
        expectTypeOf(provider).toEqualTypeOf<'github' | 'work'>()
        expectTypeOf(action).toEqualTypeOf<'login' | 'logout' | 'list'>()
        return true
      },
      onError(error, { request, phase, provider }) {
        expectTypeOf(provider).toEqualTypeOf<'github' | 'work' | undefined>()
        expectTypeOf(request).toEqualTypeOf<Request>()
        return error.status >= 500 ? new Response(phase) : undefined
      },
      on: {
        async authorized(event) {
          if (event.provider === 'github') return { owner: (await event.profile()).raw.login }
          return false
        },
        stored({ connection }) {
          expectTypeOf(connection.provider).toEqualTypeOf<'github' | 'work'>()
        },
      },
    })
    // @ts-expect-error no such event
    createDance({ providers, on: { authorised: () => {} } })
    // @ts-expect-error stored cannot answer
    createDance({ providers, on: { stored: () => new Response() } })
  })

  test('an environment may be any object', () => {
    interface Env {
      DANCE_SECRET: string
      KV: { get(key: string): Promise<string | null> }
    }
    const start = (env: Env) => createDance({ providers, env, secret: env.DANCE_SECRET })
    expectTypeOf(start).returns.toHaveProperty('handle')
    createDance({ providers, secret: undefined, origin: undefined })
    createDance({ providers, secret: ['new', 'old'], origin: ['https://a.test', 'https://b.test'] })
    // @ts-expect-error an object
    createDance({ providers, env: 'DANCE_SECRET' })
  })

  test('a dance can be used in its own handlers', () => {
    const dance = createDance({ providers, storage, owner: () => '1' })
    dance.events.on('stored', ({ waitUntil, provider }) => {
      waitUntil(dance.connection({ provider, owner: '1' }))
    })
  })
})
