import { cookieJar, fakeProvider } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { type Bench, begin, bench, comeBack } from './support/bench.ts'

const logins = 20

/** Logins of many browsers that are answered at the very same moment. */
async function logInAtOnce(b: Bench): Promise<number[]> {
  const begun = await Promise.all(
    Array.from({ length: logins }, async () => {
      const jar = cookieJar()
      return { jar, answer: (await begin({ ...b, jar })).answer }
    }),
  )
  const answers = begun.map(({ jar, answer }) => comeBack({ ...b, jar }, answer))
  return (await Promise.all(answers)).map(({ status }) => status)
}

/** A provider that keeps its token answers back until all logins wait for one. */
function barrier() {
  const fake = fakeProvider({ oidc: true })
  let waiting = 0
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const answer = await fake.fetch(input, init)
    if (!String(input).endsWith('/token') || fake.requests.jwks.length === 0) return answer
    waiting += 1
    if (waiting === logins) open()
    await opened
    return answer
  }
  return bench({ fetch }, fake)
}

test('a rotation costs one read of the keys, however many logins end at once: signing-key-rotation F-26 [G4]', async () => {
  const b = barrier()
  expect((await comeBack(b, (await begin(b)).answer)).status).toBe(303)
  b.fake.rotateKeys()
  expect(await logInAtOnce(b)).toEqual(Array(logins).fill(303))
  expect(b.fake.requests.jwks.length).toBe(2)
})

test('a rotation where id_tokens name no key costs one read too: kid-absent-single-jwks F-26 [G4]', async () => {
  const fake = fakeProvider({ oidc: true })
  fake.set({ tamper: { idToken: (parts) => ({ ...parts, header: { alg: parts.header['alg'] } }) } })
  const b = bench({}, fake)
  for (const reads of [1, 2]) {
    expect((await comeBack(b, (await begin(b)).answer)).status).toBe(303)
    expect(fake.requests.jwks.length).toBe(reads)
    fake.rotateKeys()
  }
})

test('a flood of id_tokens that name no key and are not signed costs two reads a minute F-25 F-27 [G4]', async () => {
  const fake = fakeProvider({ oidc: true })
  const b = bench({}, fake)
  expect((await comeBack(b, (await begin(b)).answer)).status).toBe(303)
  const forged = { header: { alg: 'RS256' }, signature: 'broken' } as const
  fake.set({ tamper: { idToken: (parts) => ({ ...parts, ...forged }) } })
  for (let login = 0; login < 8; login += 1) {
    expect((await comeBack(b, (await begin(b)).answer)).status).toBe(502)
  }
  expect(fake.requests.jwks.length).toBe(3)
})

test('a flood of id_tokens that name a known key and are not signed costs no read, nor that of a rotation after it F-25 F-27 [G4]', async () => {
  const fake = fakeProvider({ oidc: true })
  const b = bench({}, fake)
  expect((await comeBack(b, (await begin(b)).answer)).status).toBe(303)
  fake.set({ tamper: { idToken: (parts) => ({ ...parts, signature: 'broken' }) } })
  for (let login = 0; login < 4; login += 1) {
    expect((await comeBack(b, (await begin(b)).answer)).status).toBe(502)
  }
  expect(fake.requests.jwks.length).toBe(1)
  fake.set({ tamper: {} })
  fake.rotateKeys()
  expect((await comeBack(b, (await begin(b)).answer)).status).toBe(303)
})
