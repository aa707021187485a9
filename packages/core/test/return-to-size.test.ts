import { fakeProvider } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { expectEnvelope } from './support/envelope.ts'
import { kit, origin } from './support/kit.ts'
import { beginLogin, login } from './support/login.ts'

const scopeNames = (count: number) =>
  Array.from({ length: count }, (_, i) => `https://api.test/auth/some.long.scope.name.${i}`)

/** A dance whose provider asks for that many long scopes. */
function manyScopes(count: number) {
  const fake = fakeProvider()
  return kit({ providers: { fake: fake.provider({ scopes: scopeNames(count) }) } }, fake)
}

test('a long returnTo comes back, a very long one is / F-36 [G6]', async () => {
  const path = `/${'a'.repeat(2000)}`
  expect((await login(kit(), `/login/fake?returnTo=${path}`)).headers.get('location')).toBe(path)
  const tooLong = `/${'a'.repeat(10_000)}`
  expect((await login(kit(), `/login/fake?returnTo=${tooLong}`)).headers.get('location')).toBe('/')
})

test('a returnTo that grows when it is encoded is measured afterwards F-36', async () => {
  const actors = kit()
  const answer = await login(actors, `/login/fake?returnTo=/${'%E2%82%AC'.repeat(1700)}`)
  expect(answer.headers.get('location')).toBe('/')
  expect(actors.jar.refused).toEqual([])
})

test('a URL of a megabyte is 414 F-36 [G1]', async () => {
  const { dance, jar } = kit()
  const url = `${origin}/login/fake?returnTo=/${'a'.repeat(1_000_000)}`
  const answer = await jar.send(dance.handle, url)
  await expectEnvelope(answer)
  expect(answer.status).toBe(414)
})

test('a flow always fits into its cookie: a browser would drop a larger one F-36 S28', async () => {
  for (const length of [0, 500, 1000, 1500, 2000]) {
    const actors = manyScopes(40)
    const answer = await login(actors, `/login/fake?returnTo=/${'a'.repeat(length)}`)
    expect(answer.status).toBe(303)
    expect(actors.jar.refused).toEqual([])
  }
})

test('scopes that fit into no cookie are an option_invalid that names them', async () => {
  const actors = manyScopes(150)
  const { answer } = await beginLogin(actors)
  await expectEnvelope(answer)
  expect(answer.status).toBe(500)
  expect(actors.errors.map(({ code }) => code)).toEqual(['option_invalid'])
  expect(actors.errors[0]?.message).toContain('providers.fake.scopes')
})
