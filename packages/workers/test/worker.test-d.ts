import { github } from '@fetch-dance/providers/github'
import { cloudflareKv } from '@fetch-dance/storages/cloudflare-kv'
import { danceWorker } from '@fetch-dance/workers'
import { createDance, type TokenStorage } from 'fetch-dance'
import { expectTypeOf, test } from 'vitest'

interface Env {
  DANCE_SECRET: string
  TOKENS: KVNamespace
}

declare const storage: TokenStorage

const create = (env: Env) =>
  createDance({
    providers: { github: github() },
    env,
    storage,
    owner: (request) => request.headers.get('x-user'),
  })

test('danceWorker() is an ExportedHandler, and types its handlers', () => {
  const worker = danceWorker(create, {
    async fetch(_request, visit, env, context) {
      expectTypeOf(env).toEqualTypeOf<Env>()
      context.waitUntil(env.TOKENS.put('a', 'b'))
      // @ts-expect-error unknown provider
      await visit.connection('gitlab')
      const connection = await visit.require('github')
      const user = await (await connection.fetch('/user')).json<{ login: string }>()
      return new Response(user.login + (await connection.profile()).raw.login)
    },
    async scheduled({ cron }, dance, _env, _context) {
      expectTypeOf(cron).toEqualTypeOf<string>()
      const connection = await dance.connection({ provider: 'github', owner: 'u1' })
      await connection.fetch('/notifications')
    },
  })
  const exported: ExportedHandler<Env> = worker
  expectTypeOf(exported.fetch).not.toBeAny()
})

test('danceWorker() wants every binding that the app uses', () => {
  interface Bare {
    DANCE_SECRET: string
  }
  const providers = { github: github() }
  danceWorker(
    // @ts-expect-error there is no such binding
    (env: Bare) => createDance({ providers, env, storage: cloudflareKv(env.TOKENS) }),
    {
      // @ts-expect-error nor is there one here
      fetch: (_request, _visit, env) => new Response(String(env.TOKENS)),
      // @ts-expect-error nor here
      scheduled: (_controller, _dance, env) => void env.TOKENS,
    },
  )
  // @ts-expect-error a secret is no namespace
  danceWorker((env: Bare) => createDance({ providers, storage: cloudflareKv(env.DANCE_SECRET) }), {
    fetch: () => new Response(),
  })
  const worker = danceWorker(create, { fetch: () => new Response() })
  // @ts-expect-error it does not run where a binding is missing
  const exported: ExportedHandler<Bare> = worker
  expectTypeOf(exported.fetch).not.toBeAny()
})

test('danceWorker() knows the providers without a request, too', () => {
  danceWorker(create, {
    fetch: () => new Response(),
    async scheduled(_controller, dance) {
      // @ts-expect-error unknown provider
      await dance.connection({ provider: 'gitlab', owner: 'u1' })
      const job = await dance.connection({ provider: 'github', owner: 'u1' })
      // @ts-expect-error nobody is there to be sent to a login
      job.login()
    },
  })
})

test("danceWorker() takes the platform's own types in handlers", () => {
  danceWorker(create, {
    fetch: (_request, _visit, _env, context: ExecutionContext) =>
      new Response(typeof context.props),
    async queue(batch: MessageBatch<{ id: string }>, _dance, _env, _context: ExecutionContext) {
      expectTypeOf(batch.messages[0]?.body.id).toEqualTypeOf<string | undefined>()
    },
  })
})

test('wrap() is an ExportedHandler too', () => {
  const dance = createDance({ providers: { github: github() } })
  const fetch = dance.wrap(
    async (_request, visit, _env: Env, _context: ExecutionContext) =>
      new Response(String(await visit.owner())),
  )
  const exported: ExportedHandler<Env> = { fetch }
  expectTypeOf(exported.fetch).not.toBeAny()
})
