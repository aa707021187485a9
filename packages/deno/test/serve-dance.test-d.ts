import { serveDance } from '@fetch-dance/deno'
import { github } from '@fetch-dance/providers/github'
import { createDance } from 'fetch-dance'
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
