import { fakeProvider } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { beginDance } from './support/dancing.ts'
import { kit } from './support/kit.ts'
import { type Back, backs, createLife, isolateOver, person, standingOf } from './support/mortal.ts'

const users = { owner: (request: Request) => request.headers.get('x-user') }
const back = (name: string) => new Map(backs).get(name) ?? (() => ({}))

/** Where a login is kept, and whose it is. */
const keepings: readonly (readonly [string, () => Back, object])[] = [
  ["a user's, in a strong storage", back('a strong storage'), users],
  ["a browser's, in a strong storage", back('a strong storage'), {}],
  ["a browser's, in an eventual storage", back('an eventual storage alone'), {}],
  ["a user's, in cookies", back('cookies alone'), users],
  ["a browser's, in cookies with a coordinator", back('cookies with a coordinator'), {}],
]

/** A world with an app, a provider, and the browsers of Ada and Bob; Bob is connected, Ada perhaps. */
async function worldOf(outlives: Back, owned: object, isRepeated: boolean) {
  const fake = fakeProvider({ rotation: 'strict' })
  const isolate = () => kit({ ...isolateOver(outlives, fake), ...owned }, fake).dance
  const ada = person('ada')
  const bob = person('bob')
  const visitTo = (dance: { handle: (request: Request) => Promise<Response> }, name: string) => {
    return (request: Request) => {
      const headers = new Headers(request.headers)
      headers.set('x-user', name)
      return dance.handle(new Request(request, { headers }))
    }
  }
  const begin = ({ name, jar }: typeof ada) => {
    fake.set({ person: { id: `id of ${name}`, login: name } })
    return beginDance(visitTo(isolate(), name), fake, jar)
  }
  const comeBack = ({ name, jar }: typeof ada, callback: string, dance = isolate()) => {
    return jar.send(visitTo(dance, name), callback, { site: 'cross-site' })
  }
  await comeBack(bob, await begin(bob))
  if (isRepeated) await comeBack(ada, await begin(ada))
  fake.tokenRequests.length = 0
  return { fake, isolate, ada, bob, begin, comeBack }
}

/** Ada's isolate dies at a call of her callback; then another asks for her and for Bob. */
async function dieInCallback(
  n: number,
  when: 'before' | 'after',
  outlives: Back,
  owned: object,
  isRepeated: boolean,
) {
  const world = await worldOf(outlives, owned, isRepeated)
  const { fake, isolate, ada, bob, begin, comeBack } = world
  const callback = await begin(ada)
  const life = createLife(n, when)
  const dying = kit({ ...isolateOver(outlives, fake, life), ...owned }, fake).dance
  const end = await Promise.race([comeBack(ada, callback, dying), life.over])
  const standing = await standingOf(isolate(), ada)
  expect(await standingOf(isolate(), bob)).toBe('is bob')
  const reloaded = (await comeBack(ada, callback)).status
  const exchanges = fake.tokenRequests.length
  expect(await standingOf(isolate(), bob)).toBe('is bob')
  expect((await comeBack(ada, await begin(ada))).status).toBe(303)
  expect(await standingOf(isolate(), ada)).toBe('is ada')
  return { isDead: end === 'dead', trace: life.trace, standing, reloaded, exchanges }
}

describe.each(keepings)(
  'an isolate that dies at any call of a callback, %s',
  (name, makeBack, owned) => {
    test.each([
      ['a first login', false],
      ['a repeated login', true],
    ])(
      'leaves %s as before or as after, and can be left behind [G2] [G8]',
      async (_, isRepeated) => {
        const isStrong = name.endsWith('strong storage')
        let deaths = 0
        for (const when of ['before', 'after'] as const) {
          for (let n = 1; ; n++) {
            const run = await dieInCallback(n, when, makeBack(), owned, isRepeated)
            if (!run.isDead) break
            deaths += 1
            const puts = run.trace.filter((call) => call === 'put').length
            const isStored = puts > (isStrong ? 1 : 0) && name.startsWith('a user')
            // the cookie that would lead to the new record is lost with the answer
            const isOrphan = run.trace.includes('delete')
            const isAda = isStored || (isRepeated && !isOrphan)
            expect([when, n, run.standing]).toEqual([when, n, isAda ? 'is ada' : 'none: null'])
            // what was exchanged once is never exchanged again where isolates agree
            const isTaken = isStrong ? puts > 0 : run.trace.includes('fetch')
            expect([when, n, run.reloaded]).toEqual([when, n, isTaken ? 400 : 303])
            if (isStrong) expect(run.exchanges).toBeLessThanOrEqual(1)
          }
        }
        expect(deaths).toBeGreaterThan(1)
      },
    )
  },
)
