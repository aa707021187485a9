import { fakeProvider, signedInJar } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { staleToken } from './support/dancing.ts'
import { kit, travel } from './support/kit.ts'
import {
  type Back,
  backs,
  createLife,
  isolateOver,
  person,
  requestOf,
  standingOf,
} from './support/mortal.ts'

/** Whose the tokens are: a user's of the app, or the browser's own. */
const ownerships = [
  ['a user', { owner: (request: Request) => request.headers.get('x-user') }],
  ['a browser', {}],
] as const

/** Ada's isolate dies at a call of her refresh; then another asks for her and for Bob. */
async function dieRefreshing(n: number, when: 'before' | 'after', back: Back, owned: object) {
  const fake = fakeProvider({ rotation: 'strict' })
  const isolate = () => kit({ ...isolateOver(back, fake), ...owned }, fake).dance
  const first = isolate()
  const people = { ada: person('ada'), bob: person('bob') }
  for (const { name, jar } of Object.values(people)) {
    fake.set({ person: { id: `id of ${name}`, login: name } })
    await signedInJar(first, 'fake', staleToken(fake), { jar, headers: { 'x-user': name } })
  }
  const life = createLife(n, when)
  const dying = kit({ ...isolateOver(back, fake, life), ...owned }, fake).dance
  const refresh = async () => {
    const connection = await dying.visit(requestOf(people.ada)).connection('fake')
    await connection.token()
  }
  const end = await Promise.race([refresh(), life.over])
  const back60 = travel(60) // the claim has lapsed
  try {
    const other = isolate()
    const outcome = { ada: await standingOf(other, people.ada), sent: fake.tokenRequests.length }
    expect(await standingOf(other, people.bob)).toBe('is bob')
    expect(await standingOf(isolate(), people.ada)).toBe(outcome.ada)
    return { isDead: end === 'dead', trace: life.trace, ...outcome }
  } finally {
    back60()
  }
}

describe.each(backs)('an isolate that dies at any call of a refresh, over %s', (name, makeBack) => {
  test.each(ownerships)(
    'leaves %s connected, or says what it cost, and touches nobody else [G8] [G9]',
    async (_, owned) => {
      const seen = new Set<string>()
      for (const when of ['before', 'after'] as const) {
        for (let n = 1; ; n++) {
          const { isDead, trace, ada, sent } = await dieRefreshing(n, when, makeBack(), owned)
          if (!isDead) break
          const sentAt = trace.indexOf('fetch')
          const isLost = sentAt >= 0 && !trace.includes('put', sentAt)
          const cost = name.endsWith('alone') ? 'revoked' : 'refresh_interrupted'
          expect([when, n, ada]).toEqual([when, n, isLost ? `needs_login: ${cost}` : 'is ada'])
          expect([when, n, sent]).toEqual([when, n, isLost ? 2 : 1])
          seen.add(ada)
        }
      }
      expect(seen.size).toBe(2) // calls before the answer was there, and after
    },
  )
})
