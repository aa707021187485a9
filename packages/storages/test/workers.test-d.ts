import type {
  D1Database,
  DurableObjectNamespace,
  DurableObjectState,
  KVNamespace,
} from '@cloudflare/workers-types'
import { cloudflareKv } from '@fetch-dance/storages/cloudflare-kv'
import { d1, kv as kvInD1 } from '@fetch-dance/storages/d1'
import { DanceStorage, durableObject, kv } from '@fetch-dance/storages/durable-object'
import { withCache } from '@fetch-dance/storages/with-cache'
import type { Kv, TokenStorage } from 'fetch-dance'
import { expectTypeOf, test } from 'vitest'

interface Env {
  TOKENS: KVNamespace
  DB: D1Database
  DANCE: DurableObjectNamespace<DanceStorage>
  UNTYPED: DurableObjectNamespace
}
declare const env: Env
declare const state: DurableObjectState

test("the platform's own bindings fit", () => {
  expectTypeOf(cloudflareKv(env.TOKENS)).toEqualTypeOf<TokenStorage>()
  expectTypeOf(durableObject(env.DANCE)).toEqualTypeOf<TokenStorage>()
  expectTypeOf(durableObject(env.UNTYPED)).toEqualTypeOf<TokenStorage>()
  expectTypeOf(durableObject(env.DANCE.jurisdiction('eu'))).toEqualTypeOf<TokenStorage>()
  expectTypeOf(d1(env.DB)).toEqualTypeOf<TokenStorage>()
  expectTypeOf(kv(env.DANCE)).toEqualTypeOf<Kv>()
  cloudflareKv(env.TOKENS, { coordinator: kvInD1(env.DB) })
  new DanceStorage(state)
})

test('what is not strong is no coordinator, and a session of D1 no database', () => {
  // @ts-expect-error a namespace is not a Kv
  cloudflareKv(env.TOKENS, { coordinator: env.TOKENS })
  // @ts-expect-error a session may read what is behind
  d1(env.DB.withSession('first-unconstrained'))
  // @ts-expect-error another kind of binding
  durableObject(env.TOKENS)
})

test('withCache() takes a Map, and functions over any other cache', () => {
  const storage = d1(env.DB)
  withCache(storage, new Map())
  withCache(storage, new Map<string, string>(), { maxAge: 30 })
  withCache(storage, {
    get: (name) => env.TOKENS.get(name),
    set: (name, text) => env.TOKENS.put(name, text, { expirationTtl: 60 }),
    delete: (name) => env.TOKENS.delete(name),
  })
  // @ts-expect-error numbers are no texts
  withCache(storage, new Map<string, number>())
})
