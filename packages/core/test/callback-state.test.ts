import { cookieJar, memoryStorage } from '@fetch-dance/testing'
import { sealedCookieStorage } from 'fetch-dance'
import { expect, test } from 'vitest'
import { begin, bench, comeBack, expectRefused, storedIn } from './support/bench.ts'
import { expectEnvelope } from './support/envelope.ts'
import { travel } from './support/kit.ts'

test('callback() refuses an answer without a state F-01 ensure-authorization-response-with-invalid-missing-state-fails [G2]', async () => {
  const b = bench()
  const { answer } = await begin(b)
  answer.searchParams.delete('state')
  await expectRefused(b, answer, { code: 'state_missing', status: 400 })
  answer.searchParams.set('state', '')
  await expectRefused(b, answer, { code: 'state_missing', status: 400 })
})

test('callback() refuses a state it did not issue, and leaves the true flow alone F-02 S12 NX-05 ensure-authorization-response-with-invalid-state-fails [G2]', async () => {
  const b = bench()
  const { answer } = await begin(b)
  const flowBefore = b.jar.header()
  const state = answer.searchParams.get('state') ?? ''
  const forgeries = [
    'x'.repeat(43),
    `${state}x`,
    state.slice(1),
    state.toUpperCase(),
    ' ',
    '__proto__',
  ]
  for (const forged of forgeries) {
    const forgery = new URL(answer)
    forgery.searchParams.set('state', forged)
    await expectRefused(b, forgery, { code: 'state_mismatch', status: 400 })
  }
  expect(b.jar.header()).toBe(flowBefore)
  expect((await comeBack(b, answer)).status).toBe(303)
  expect((await storedIn(b)).length).toBe(1)
})

test('callback() answers a replay with 400 and asks for one token F-03 NX-15 [G2]', async () => {
  const b = bench()
  const { answer } = await begin(b)
  const stolen = b.jar.copy()
  expect((await comeBack(b, answer)).status).toBe(303)
  const stored = await storedIn(b)
  for (const jar of [b.jar, stolen]) {
    const replay = await comeBack({ dance: b.dance, jar }, answer)
    await expectEnvelope(replay, b.fake.secrets())
    expect(replay.status).toBe(400)
    expect(b.errors.at(-1)?.code).toBe('flow_missing')
  }
  expect(b.fake.tokenRequests.length).toBe(1)
  expect(await storedIn(b)).toEqual(stored)
})

test('callback() takes a flow once of two answers at the same time, also where tokens are kept in cookies F-04 [G2]', async () => {
  const b = bench({ storage: sealedCookieStorage() })
  const { answer } = await begin(b)
  const answers = await Promise.all(
    [b.jar, b.jar.copy(), b.jar.copy()].map((jar) => comeBack({ dance: b.dance, jar }, answer)),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 400, 400])
  expect(b.fake.tokenRequests.length).toBe(1)
  expect(b.fake.grants).toBe(1)
})

test('callback() takes a flow once of two answers at the same time F-04 [G2]', async () => {
  const b = bench()
  const { answer } = await begin(b)
  const answers = await Promise.all([comeBack(b, answer), comeBack(b, answer), comeBack(b, answer)])
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 400, 400])
  expect(b.fake.tokenRequests.length).toBe(1)
  expect((await storedIn(b)).length).toBe(1)
})

test('callback() takes a flow once across isolates that share a strong storage F-04 NX-15 [G2]', async () => {
  const b = bench()
  const other = bench({ storage: b.storage }, b.fake)
  const { answer } = await begin(b)
  const twin = b.jar.copy()
  const answers = await Promise.all([
    comeBack(b, answer),
    comeBack({ dance: other.dance, jar: twin }, answer),
  ])
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 400])
  expect(b.fake.tokenRequests.length).toBe(1)
})

test('callback() refuses a flow past its ten minutes, iron’s skew notwithstanding F-06 [G2]', async () => {
  for (const age of [600, 659, 3600]) {
    const b = bench()
    const { answer } = await begin(b)
    const kept = b.jar.header()
    const back = travel(age)
    try {
      // a browser with a wrong clock keeps the cookie
      await expectRefused(
        b,
        answer,
        { code: 'flow_expired', status: 400 },
        { headers: { cookie: kept } },
      )
    } finally {
      back()
    }
  }
})

test('callback() sends a visitor who took too long to redirects.error: the state was ours F-06 [G2]', async () => {
  const b = bench({ redirects: { error: '/sorry' } })
  const { answer } = await begin(b)
  const kept = b.jar.header()
  const back = travel(601)
  const response = await comeBack(b, answer, { cookie: kept }).finally(back)
  expect(response.status).toBe(303)
  expect(response.headers.get('location')).toBe('/sorry?error=flow_expired&provider=fake')
  expect(b.fake.tokenRequests.length).toBe(0)
})

test('callback() still takes a flow shortly before its end F-06 [G2]', async () => {
  const b = bench()
  const { authorize } = await begin(b)
  const back = travel(598)
  const decided = await b.fake.fetch(authorize, { redirect: 'manual' })
  const response = await comeBack(b, decided.headers.get('location') ?? '').finally(back)
  expect(response.status).toBe(303)
})

test('callback() refuses a login begun in another browser F-07 S2 CVE-2025-68158 CVE-2026-41425 CVE-2023-36019 [G2]', async () => {
  for (const storage of [memoryStorage(), sealedCookieStorage()]) {
    const b = bench({ storage })
    const { answer } = await begin(b)
    const { answer: own } = await begin({ ...b, jar: cookieJar() })
    const empty = { jar: cookieJar() }
    await expectRefusedAnywhere(b, answer, 'flow_missing', empty)
    const busy = { jar: cookieJar() }
    await begin({ ...b, ...busy })
    await expectRefusedAnywhere(b, own, 'state_mismatch', busy)
  }
})

test('callback() needs the cookie and not only a well-formed state CVE-2025-14546 CVE-2025-68481 [G2]', async () => {
  const b = bench()
  const { answer } = await begin(b)
  const { answer: second } = await begin(b)
  expect(second.searchParams.get('state')).not.toBe(answer.searchParams.get('state'))
  await expectRefused(b, answer, { code: 'flow_missing', status: 400 }, { jar: cookieJar() })
})

async function expectRefusedAnywhere(
  b: ReturnType<typeof bench>,
  answer: URL,
  code: 'flow_missing' | 'state_mismatch',
  { jar }: { jar: ReturnType<typeof cookieJar> },
): Promise<void> {
  const response = await comeBack({ dance: b.dance, jar }, answer)
  await expectEnvelope(response, b.fake.secrets())
  expect(response.status).toBe(400)
  expect(b.errors.at(-1)?.code).toBe(code)
  expect(b.fake.tokenRequests.length).toBe(0)
  expect(jar.get('__Host-dance.fake')).toBe(undefined)
}
