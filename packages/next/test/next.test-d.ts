import {
  type ActionVisit,
  danceAction,
  danceProxy,
  danceRoutes,
  danceServer,
  type ServerVisit,
  withDance,
} from '@fetch-dance/next'
import { github } from '@fetch-dance/providers/github'
import { google } from '@fetch-dance/providers/google'
import { createDance } from 'fetch-dance'
import { type NextProxy, NextResponse } from 'next/server.js'
import { expectTypeOf, test } from 'vitest'

const providers = { google: google(), github: github() }
const dance = createDance({ providers })
type Providers = typeof providers

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
  expectTypeOf(visit).toEqualTypeOf<ServerVisit<Providers>>()
  const connection = await visit.require('google', { returnTo: '/calendar' })
  expectTypeOf((await connection.profile()).raw.hd).toEqualTypeOf<string | undefined>()
  expectTypeOf(connection.loginUrl({ returnTo: '/calendar' })).toEqualTypeOf<string>()
  // @ts-expect-error unknown provider
  await visit.connection('gitlab')
  // @ts-expect-error unknown provider
  await visit.require('gitlab', { returnTo: '/' })
  // @ts-expect-error a component does not know its own URL: returnTo is required
  await visit.require('google')
  // @ts-expect-error nor does a list of scopes tell it
  await visit.require('google', { scopes: ['email'] })
})

test('danceServer() does not let a component write', async () => {
  const visit = await danceServer(dance)
  const connection = await visit.connection('google')
  // @ts-expect-error a component cannot forget
  await visit.forget()
  // @ts-expect-error it has no response to add cookies to
  visit.commit(new Response())
  // @ts-expect-error nor disconnect
  await connection.disconnect()
  // @ts-expect-error nor start a flow
  await connection.login()
  for (const one of await visit.connections()) {
    if (one.provider === 'github') expectTypeOf((await one.profile()).raw.login).toBeString()
    // @ts-expect-error whichever way it came by the connection
    await one.disconnect()
  }
})

test('danceAction() writes, and can do whatever a component can', async () => {
  const visit = await danceAction(dance)
  expectTypeOf(visit).toEqualTypeOf<ActionVisit<Providers>>()
  expectTypeOf(visit).toExtend<ServerVisit<Providers> & { forget(): Promise<void> }>()
  await visit.forget()
  const { remote } = await (await visit.connection('google')).disconnect()
  expectTypeOf(remote).toEqualTypeOf<'revoked' | 'unsupported' | 'failed' | 'skipped'>()
  const connection = await visit.require('google', { returnTo: '/' })
  // @ts-expect-error an action redirects to loginUrl(): a Response is nothing it could answer
  await connection.login()
})

test('danceProxy() is a proxy, and goes on with another', () => {
  expectTypeOf(danceProxy(dance)).toEqualTypeOf<NextProxy>()
  danceProxy(dance, (request) => NextResponse.next({ request }))
  danceProxy(dance, async () => undefined)
})
