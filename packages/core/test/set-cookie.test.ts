import { fakeProvider, signedInJar } from '@fetch-dance/testing'
import type { Visit } from 'fetch-dance'
import { expect, test } from 'vitest'
import { staleJar } from './support/dancing.ts'
import { kit, origin } from './support/kit.ts'

const page = `${origin}/`

/** A visit without a response to commit: its Set-Cookie lines go straight to a browser. */
async function openVisit(due: boolean) {
  const fake = fakeProvider({ rotation: 'strict' })
  const { dance } = kit({}, fake)
  const jar = due
    ? await staleJar(dance, fake)
    : await signedInJar(dance, 'fake', { ...fake.issueToken() })
  const lines: string[] = []
  const request = new Request(page, { headers: { cookie: jar.header(page) } })
  const visit: Visit = dance.visit(request, { setCookie: (line) => void lines.push(line) })
  return { fake, dance, jar, lines, visit }
}

/** The connection as the next request of a browser with these cookies finds it. */
async function nextVisit({ dance, jar, lines }: Awaited<ReturnType<typeof openVisit>>) {
  const answer = new Response()
  for (const line of lines) answer.headers.append('set-cookie', line)
  await jar.send(async () => answer, page)
  const request = new Request(page, { headers: { cookie: jar.header(page) } })
  return dance.visit(request, { readOnly: true }).connection('fake')
}

test('setCookie takes the cookie of a refreshed token as soon as it is there [G8]', async () => {
  const all = await openVisit(true)
  const { accessToken } = await (await all.visit.connection('fake')).token()
  expect(all.lines.length).toBe(1)
  expect(all.lines[0]).toMatch(
    /^__Host-dance\.fake=.{100,}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=7776000; Secure$/,
  )
  expect((await (await nextVisit(all)).token()).accessToken).toBe(accessToken)
  expect(all.fake.tokenRequests.length).toBe(1)
})

test('setCookie takes the end of a connection, once', async () => {
  const all = await openVisit(false)
  const connection = await all.visit.connection('fake')
  await connection.disconnect()
  await all.visit.forget()
  expect(all.lines.map((line) => line.replace(/=.*Max-Age=/, ' '))).toEqual([
    '__Host-dance.fake 0; Secure',
  ])
  expect((await nextVisit(all)).status).toBe('none')
})

test('setCookie that throws leaves the browser what it has, and the caller a token [G8]', async () => {
  const fake = fakeProvider({ rotation: 'strict' })
  const { dance, errors } = kit({}, fake)
  const jar = await staleJar(dance, fake)
  const request = new Request(page, { headers: { cookie: jar.header(page) } })
  const setCookie = () => {
    throw new Error('The answer has left')
  }
  const connection = await dance.visit(request, { setCookie }).connection('fake')
  expect((await connection.token()).accessToken).toBeTypeOf('string')
  expect(fake.tokenRequests.length).toBe(1)
  expect(errors.map(({ code }) => code)).toContain('storage_failed')
})
