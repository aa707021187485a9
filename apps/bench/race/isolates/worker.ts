import { cloudflareKv, type WorkersKv } from '@fetch-dance/storages/cloudflare-kv'
import { type D1, d1 } from '@fetch-dance/storages/d1'
import { type DurableObjects, durableObject, kv } from '@fetch-dance/storages/durable-object'
import { type RequestStorage, sealedCookieStorage, type TokenStorage } from 'fetch-dance'
import { createApp } from '../app.ts'
import { unpack } from '../envelope.ts'
import type { RaceEnv } from '../row.ts'

export { DanceStorage } from '@fetch-dance/storages/durable-object'

interface Bindings extends RaceEnv {
  readonly STORAGE: string
  readonly TOKENS: WorkersKv
  readonly DB: D1
  readonly DANCE: DurableObjects
}

/** What a Worker can be told to keep tokens in. */
const storages: Record<string, (env: Bindings) => TokenStorage | RequestStorage> = {
  d1: ({ DB }) => d1(DB),
  durableObject: ({ DANCE }) => durableObject(DANCE),
  kv: ({ TOKENS }) => cloudflareKv(TOKENS),
  coordinatedKv: ({ TOKENS, DANCE }) => cloudflareKv(TOKENS, { coordinator: kv(DANCE) }),
  coordinatedCookie: ({ DANCE }) => sealedCookieStorage({ coordinator: kv(DANCE) }),
}

let app: ReturnType<typeof createApp> | undefined

export default {
  fetch(request: Request, env: Bindings, context: unknown): Promise<Response> {
    app ??= createApp(env, storageOf(env))
    return app(unpack(request), env, context)
  },
}

function storageOf(env: Bindings): TokenStorage | RequestStorage {
  const open = storages[env.STORAGE]
  if (open === undefined) throw new Error(`Cannot keep tokens in "${env.STORAGE}": no such storage`)
  return open(env)
}
