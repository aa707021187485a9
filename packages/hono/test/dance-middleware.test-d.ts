import { type DanceEnv, danceMiddleware, requireConnection } from '@fetch-dance/hono'
import { github } from '@fetch-dance/providers/github'
import { createDance } from 'fetch-dance'
import { Hono } from 'hono'
import { expectTypeOf, test } from 'vitest'

interface Bindings {
  DANCE_SECRET: string
}

const dance = createDance({ providers: { github: github({ optionalScopes: ['repo'] }) } })

test('danceMiddleware() types the visit of every handler behind it', () => {
  new Hono().use(danceMiddleware(dance)).get('/', async (c) => {
    // @ts-expect-error unknown provider
    await c.var.dance.connection('gitlab')
    const connection = await c.var.dance.require('github', { scopes: ['repo'] })
    expectTypeOf((await connection.profile()).raw.login).toEqualTypeOf<string>()
    return c.text('')
  })
})

test('danceMiddleware() takes the bindings its dance is made from', () => {
  const create = (env: Bindings) => createDance({ providers: { github: github() }, env })
  new Hono<{ Bindings: Bindings }>().use(danceMiddleware(create)).get('/', async (c) => {
    expectTypeOf(c.env).toExtend<Bindings>()
    // @ts-expect-error unknown provider
    await c.var.dance.require('gitlab')
    return c.text(c.env.DANCE_SECRET)
  })
})

test('DanceEnv types the visit in a sub-app', () => {
  new Hono<DanceEnv<typeof dance>>().get('/', async (c) => {
    // @ts-expect-error unknown provider
    await c.var.dance.connection('gitlab')
    return c.json((await c.var.dance.connection('github')).status)
  })
})

test('requireConnection() leaves the visit typed, and knows the providers of a dance it is told', () => {
  new Hono<DanceEnv<typeof dance>>().get('/', requireConnection('github'), async (c) => {
    // @ts-expect-error unknown provider
    await c.var.dance.connection('gitlab')
    return c.text('')
  })
  requireConnection<typeof dance>('github', { scopes: ['repo'] })
  // @ts-expect-error unknown provider
  requireConnection<typeof dance>('gitlab')
  requireConnection('gitlab') // told of no dance, it takes any name
})
