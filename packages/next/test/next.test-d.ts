import { danceRoutes, danceServer, withDance } from '@fetch-dance/next'
import { google } from '@fetch-dance/providers/google'
import { createDance } from 'fetch-dance'
import { expectTypeOf, test } from 'vitest'

const dance = createDance({ providers: { google: google() } })

test('danceRoutes() has a handler for every method', () => {
  const { GET, POST, HEAD, OPTIONS, PUT, PATCH, DELETE } = danceRoutes(dance)
  for (const route of [GET, POST, HEAD, OPTIONS, PUT, PATCH, DELETE]) {
    expectTypeOf(route).toEqualTypeOf<(request: Request) => Promise<Response>>()
  }
})

test('withDance() hands over what Next hands over', () => {
  const handler = withDance(
    dance,
    async (_request, visit, context: { params: Promise<{ id: string }> }) => {
      // @ts-expect-error unknown provider
      await visit.require('gitlab')
      return Response.json((await context.params).id)
    },
  )
  expectTypeOf(handler).parameters.toEqualTypeOf<
    [request: Request, context: { params: Promise<{ id: string }> }]
  >()
})

test('danceServer() reads, and wants to know where to come back to', async () => {
  const visit = await danceServer(dance)
  const connection = await visit.require('google', { returnTo: '/calendar' })
  expectTypeOf((await connection.profile()).raw.hd).toEqualTypeOf<string | undefined>()
  // @ts-expect-error a component does not know its own URL: returnTo is required
  await visit.require('google')
  // @ts-expect-error a component cannot forget
  await visit.forget()
})
