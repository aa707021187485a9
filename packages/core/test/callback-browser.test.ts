import { expect, test } from 'vitest'
import { begin, bench, comeBack, expectRefused } from './support/bench.ts'
import { expectEnvelope } from './support/envelope.ts'
import { kit, origin } from './support/kit.ts'

test('callback() finishes five tabs in reverse order, each with a verifier and a page of its own F-20 NX-03 [G2]', async () => {
  const b = bench()
  const tabs = []
  for (const tab of [1, 2, 3, 4, 5]) {
    tabs.push({ tab, ...(await begin(b, `/login/fake?returnTo=/tab/${tab}`)) })
  }
  for (const { tab, answer } of tabs.reverse()) {
    const response = await comeBack(b, answer)
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe(`/tab/${tab}`)
  }
  expect(b.errors).toEqual([])
})

test('callback() refuses the flow that a sixth pushed out, and takes the other five F-20', async () => {
  const b = bench()
  const tabs = []
  for (let tab = 0; tab < 6; tab++) tabs.push(await begin(b))
  const [oldest, ...rest] = tabs
  await expectRefused(b, oldest?.answer ?? '', { code: 'state_mismatch', status: 400 })
  for (const { answer } of rest) expect((await comeBack(b, answer)).status).toBe(303)
})

test('login() leaves five flow cookies after two hundred abandoned logins F-21', async () => {
  const { jar, dance } = kit()
  for (let login = 0; login < 200; login++) {
    await jar.send(dance.handle, `${origin}/login/fake?returnTo=/${'x'.repeat(500)}`)
    expect(jar.cookies().length <= 5).toBe(true)
    expect(jar.header().length < 8192).toBe(true)
  }
  expect(jar.refused).toEqual([])
})

for (const method of ['HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']) {
  test(`callback() answers ${method} with 405 and leaves the flow alone F-22 NX-14`, async () => {
    const b = bench()
    const { answer } = await begin(b)
    const response = await b.jar.send(b.dance.handle, String(answer), { method })
    await expectEnvelope(response, b.fake.secrets())
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('GET, POST')
    expect(b.fake.tokenRequests.length).toBe(0)
    expect((await comeBack(b, answer)).status).toBe(303)
  })
}

test('callback() reads no answer from the address of a POST F-22', async () => {
  const b = bench()
  const { answer } = await begin(b)
  const response = await b.jar.send(b.dance.handle, String(answer), { method: 'POST' })
  await expectEnvelope(response, b.fake.secrets())
  expect(response.status).toBe(400)
  expect(b.errors.map(({ code }) => code)).toEqual(['state_missing'])
  expect(b.fake.tokenRequests.length).toBe(0)
  expect((await comeBack(b, answer)).status).toBe(303)
})

const ahead: Record<string, string> = {
  'sec-purpose': 'prefetch;prerender',
  purpose: 'prefetch',
  'next-router-prefetch': '1',
  rsc: '1',
}

for (const [name, value] of Object.entries(ahead)) {
  test(`callback() and login() answer nothing fetched ahead: ${name} F-22 NX-14`, async () => {
    const b = bench()
    const { answer } = await begin(b)
    const cookies = b.jar.header()
    const early = await comeBack(b, answer, { [name]: value })
    await expectEnvelope(early, b.fake.secrets())
    expect(early.status).toBe(405)
    const login = await b.jar.send(b.dance.handle, `${origin}/login/fake`, {
      headers: { [name]: value },
    })
    expect(login.status).toBe(405)
    expect(b.jar.header()).toBe(cookies)
    expect(b.fake.tokenRequests.length).toBe(0)
    expect((await comeBack(b, answer)).status).toBe(303)
  })
}
