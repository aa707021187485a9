import { fakeProvider } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { begin, bench, comeBack, expectRefused, storedIn } from './support/bench.ts'

const owner = (request: Request) => request.headers.get('x-user')
const alice = { 'x-user': 'alice' }
const bob = { 'x-user': 'bob' }

test('callback() stores the token of the user who began the login S14', async () => {
  const b = bench({ owner })
  const { answer } = await begin(b, '/login/fake', alice)
  expect((await comeBack(b, answer, alice)).status).toBe(303)
  expect((await storedIn(b)).join()).toContain('"owner":"user:alice"')
})

test('callback() refuses a flow that somebody else ends, and leaves it to the one who began it F-18 S14 [G2]', async () => {
  const b = bench({ owner })
  const { answer } = await begin(b, '/login/fake', alice)
  await expectRefused(b, answer, { code: 'owner_mismatch', status: 403 }, { headers: bob })
  expect((await comeBack(b, answer, alice)).status).toBe(303)
})

test('callback() refuses a flow whose user has signed out meanwhile F-19 [G2]', async () => {
  const b = bench({ owner })
  const { answer } = await begin(b, '/login/fake', alice)
  await expectRefused(b, answer, { code: 'owner_mismatch', status: 403 })
})

test('callback() refuses a flow that nobody began and somebody ends F-18 [G2]', async () => {
  const b = bench({ owner })
  const { answer } = await begin(b)
  await expectRefused(b, answer, { code: 'owner_mismatch', status: 403 }, { headers: alice })
})

test('callback() stores nothing under nobody: it needs an owner F-19', async () => {
  const b = bench({ owner })
  const { answer } = await begin(b)
  await expectRefused(b, answer, { code: 'owner_required', status: 403, tokenRequests: 1 })
})

test('callback() does not take a failing owner for nobody F-19', async () => {
  const failing: Record<string, () => unknown> = {
    throws: () => {
      throw new Error('the session store is down')
    },
    'answers nothing': () => undefined,
    'answers an empty text': () => '',
    'answers a number': () => 7,
    'answers a list': () => ['alice'],
  }
  for (const fail of Object.values(failing)) {
    const fake = fakeProvider()
    let broken = false
    const b = bench({ owner: () => (broken ? fail() : null) }, fake)
    const { answer } = await begin(b)
    broken = true
    await expectRefused(b, answer, { code: 'owner_failed', status: 503 })
  }
})

test('callback() takes the owner from the app alone, never from the request itself CVE-2025-61928', async () => {
  const b = bench({ owner })
  const { answer } = await begin(b, '/login/fake?user=bob&owner=bob&userId=bob', alice)
  for (const name of ['user', 'userId', 'owner']) answer.searchParams.set(name, 'bob')
  await comeBack(b, answer, { ...alice, 'x-owner': 'bob', 'x-forwarded-user': 'bob' })
  const stored = await storedIn(b)
  expect(stored.length).toBe(1)
  expect(stored.join()).toContain('"owner":"user:alice"')
})

test('callback() never moves an account that another user holds GHSA-g38m-r43w-p2q7 A-06', async () => {
  const b = bench({ owner })
  const first = await begin(b, '/login/fake', alice)
  await comeBack(b, first.answer, alice)
  const stored = await storedIn(b)
  const second = await begin(b, '/login/fake', bob)
  const response = await comeBack(b, second.answer, bob)
  expect(response.status).toBe(403)
  expect(await response.text()).not.toContain('alice')
  expect(b.errors.map(({ code }) => code)).toEqual(['account_in_use'])
  expect(await storedIn(b)).toEqual(stored)
})
