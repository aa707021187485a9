import { github } from '@fetch-dance/providers/github'
import { createDance } from 'fetch-dance'
import { createDanceContext } from 'fetch-dance/context'
import { expectTypeOf, test } from 'vitest'

const dance = createDance({ providers: { github: github() } })
const { connection, require, wrap } = createDanceContext(dance)

test('the context knows the providers of its dance', async () => {
  expectTypeOf((await (await connection('github')).profile()).raw.login).toBeString()
  // @ts-expect-error unknown provider
  await connection('gitlab')
  // @ts-expect-error unknown provider
  await require('gitlab')
  wrap(async (_request, visit, env: { name: string }) => {
    expectTypeOf(env.name).toBeString()
    return new Response(await visit.owner())
  })
})
