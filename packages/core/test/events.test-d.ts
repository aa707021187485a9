import { github } from '@fetch-dance/providers/github'
import { google } from '@fetch-dance/providers/google'
import {
  createDance,
  type DanceError,
  type DanceEvent,
  type EventName,
  type Handler,
  type Reason,
} from 'fetch-dance'
import { describe, expectTypeOf, test } from 'vitest'

const providers = { github: github(), work: google() }
const { events } = createDance({ providers })

describe('payloads', () => {
  test('are those of the provider named', () => {
    events.on(
      'authorized',
      async (event) => {
        expectTypeOf(event.provider).toEqualTypeOf<'github'>()
        const profile = await event.profile()
        expectTypeOf(profile.raw.login).toBeString()
        event.headers.append('set-cookie', 'a=b')
        expectTypeOf(event.scopes.missing).toEqualTypeOf<readonly string[]>()
        return { owner: profile.id }
      },
      { provider: 'github' },
    )
  })

  test('are told apart by the provider where none is named', () => {
    events.on('authorized', async (event) => {
      expectTypeOf(event.provider).toEqualTypeOf<'github' | 'work'>()
      if (event.provider === 'work')
        expectTypeOf((await event.profile()).raw.hd).not.toBeAny()
        // @ts-expect-error not known which profile it is
      ;(await event.profile()).raw.login
    })
  })

  test('hold what their event is about, and nothing of another’s', () => {
    events.on('beforeLogin', ({ params }) => params.set('hd', 'app.test'))
    events.on('refreshed', ({ connection }) => void connection.scopes)
    events.on('scopesChanged', ({ before }) => {
      expectTypeOf(before).toEqualTypeOf<readonly string[]>()
    })
    events.on('needsLogin', ({ reason }) => {
      expectTypeOf(reason).toEqualTypeOf<Reason>()
    })
    events.on('error', ({ error, provider }) => {
      expectTypeOf(error).toEqualTypeOf<DanceError>()
      expectTypeOf(provider).toEqualTypeOf<'github' | 'work' | undefined>()
    })
    // @ts-expect-error nothing is connected before a login
    events.on('beforeLogin', ({ connection }) => connection)
    // @ts-expect-error a disconnected connection is none
    events.on('disconnected', ({ connection }) => connection)
    // @ts-expect-error no such event
    events.on('authorised', () => {})
  })

  test('of a connection have no login: the visitor is at the end of one', () => {
    // @ts-expect-error a login within a login
    events.on('authorized', ({ connection }) => void connection.login())
  })

  test('have names', () => {
    type Stored = DanceEvent<typeof providers, 'stored'>
    expectTypeOf<Stored['provider']>().toEqualTypeOf<'github' | 'work'>()
    expectTypeOf<EventName>().toEqualTypeOf<
      | 'beforeLogin'
      | 'authorized'
      | 'stored'
      | 'refreshed'
      | 'scopesChanged'
      | 'needsLogin'
      | 'disconnected'
      | 'uncoordinated'
      | 'error'
    >()
  })
})

describe('what a handler may answer', () => {
  test('authorized: nothing, a veto, an owner, a Response', () => {
    events.on('authorized', () => {})
    events.on('authorized', () => false)
    events.on('authorized', async () => ({ owner: '1', response: new Response() }))
    events.on('authorized', () => new Response())
    // @ts-expect-error a veto is false, and true is none
    events.on('authorized', () => true)
    // @ts-expect-error an owner is an id
    events.on('authorized', () => ({ owner: 1 }))
  })

  test('beforeLogin: nothing or a Response', () => {
    events.on('beforeLogin', () => new Response())
    // @ts-expect-error there is nothing to veto yet
    events.on('beforeLogin', () => false)
  })

  test('the others: nothing, they listen', () => {
    // @ts-expect-error refreshed cannot answer
    events.on('refreshed', () => new Response())
    // @ts-expect-error stored cannot answer
    events.on('stored', async () => new Response())
    // @ts-expect-error disconnected cannot veto
    events.on('disconnected', () => false)
    // @ts-expect-error errors are answered by onError
    events.on('error', () => new Response())
  })

  test('a handler can be written apart', () => {
    const welcome: Handler<typeof providers, 'stored'> = ({ headers }) => {
      headers.append('set-cookie', 'flash=hi')
    }
    expectTypeOf(events.on('stored', welcome)).toEqualTypeOf<() => void>()
  })
})
