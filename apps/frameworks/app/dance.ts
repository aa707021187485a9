import { fakeProvider } from '@fetch-dance/testing'
import { createDance, type Dance } from 'fetch-dance'
import type { Place } from './places.ts'

/** What an app learns from its environment. The providers listen in the process of the test. */
export type AppEnv = Readonly<
  Partial<Record<'DANCE_SECRET' | 'FAKE_ISSUER' | 'POSTING_ISSUER', string>>
>

type Presets = ReturnType<typeof presetsAt>

/** The dance of this app: the same in every framework. */
export function createAppDance(env: object, { basePath, origin }: Place): Dance<Presets> {
  const { DANCE_SECRET: secret, FAKE_ISSUER, POSTING_ISSUER } = env as AppEnv // each runtime has a type of its own for it
  const providers = presetsAt(FAKE_ISSUER, POSTING_ISSUER)
  return createDance({ providers, env: { DANCE_SECRET: secret }, basePath, origin })
}

// A build knows no addresses: nothing listens at these
function presetsAt(plain = 'http://127.0.0.1:9', posting = 'http://127.0.0.1:10') {
  return {
    fake: fakeProvider({ issuer: plain }).provider({
      scopes: ['profile'],
      optionalScopes: ['repo'],
    }),
    posting: fakeProvider({ issuer: posting, oidc: true }).provider({ responseMode: 'form_post' }),
  }
}
