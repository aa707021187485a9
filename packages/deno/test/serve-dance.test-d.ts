import { serveDance } from '@fetch-dance/deno'
import { github } from '@fetch-dance/providers/github'
import { createDance, sealedCookieStorage, type TokenStorage } from 'fetch-dance'
import { expectTypeOf, test } from 'vitest'

test('serveDance() is what Deno.serve takes', () => {
  const handler = serveDance(
    (defaults) => createDance({ providers: { github: github() }, ...defaults }),
    async (_request, visit) => {
      // @ts-expect-error unknown provider
      await visit.require('gitlab')
      return new Response((await (await visit.require('github')).profile()).raw.login)
    },
  )
  expectTypeOf(handler).toExtend<Deno.ServeHandler>()
})

test("serveDance() hands over Deno's own info where the app wants it", () => {
  const handler = serveDance(
    (defaults) => createDance({ providers: { github: github() }, ...defaults }),
    (_request, _visit, info: Deno.ServeHandlerInfo<Deno.NetAddr>) =>
      new Response(info.remoteAddr.hostname),
  )
  expectTypeOf(handler).toExtend<Deno.ServeHandler<Deno.NetAddr>>()
})

test("serveDance() hands over Deno's environment and its storage", () => {
  serveDance(
    (defaults) => {
      expectTypeOf(defaults.env).toEqualTypeOf<object>()
      expectTypeOf(defaults.storage).toEqualTypeOf<TokenStorage>()
      return createDance({
        providers: { github: github() },
        ...defaults,
        storage: sealedCookieStorage(),
      })
    },
    () => new Response(),
  )
})

test('a shared account takes the storage of Deno, and wants a guard', () => {
  const app = () => new Response()
  const providers = { github: github() }
  serveDance(
    (defaults) =>
      createDance({ providers, ...defaults, owner: 'club', authorizeLogin: () => false }),
    app,
  )
  // @ts-expect-error nobody says who may connect it
  serveDance((defaults) => createDance({ providers, ...defaults, owner: 'club' }), app)
})
