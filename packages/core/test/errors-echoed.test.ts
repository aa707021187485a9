import { fakeProvider } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { begin, bench, comeBack, staleJar } from './support/bench.ts'
import { dump } from './support/dump.ts'
import { canariesOf, expectClean } from './support/envelope.ts'
import { origin } from './support/kit.ts'

const clientSecret = 'a/secret+of~the.client'

/** A provider whose token endpoint refuses, and repeats in its refusal everything it was sent. */
function echoing(clientAuth: 'basic' | 'post') {
  const fake = fakeProvider()
  const echo = async (request: Request) => {
    const sent = `${request.headers.get('authorization')} ${decodeURIComponent(await request.text())}`
    const body = { error: 'invalid_client', error_description: sent, error_uri: sent }
    return Response.json(body, { status: 401 })
  }
  const fetch: typeof globalThis.fetch = (input, init) => {
    const request = new Request(input, init)
    return request.method === 'POST' ? echo(request) : fake.fetch(request)
  }
  const provider = fake.provider({ clientSecret, clientAuth })
  return { fake, b: bench({ providers: { fake: provider }, fetch }, fake) }
}

test.each(['basic', 'post'] as const)(
  'an error shows no credentials that the provider repeats, sent by %s, at a login or a refresh [G11]',
  async (clientAuth) => {
    const { b, fake } = echoing(clientAuth)
    const { answer } = await begin(b)
    expect((await comeBack(b, answer)).status).toBe(502)
    const jar = await staleJar(b)
    const app = b.dance.wrap(async (_request, visit) =>
      (await visit.require('fake')).fetch('/user'),
    )
    await expect(jar.send(app, `${origin}/`)).rejects.toMatchObject({ code: 'provider_error' })
    expect(b.errors.map(({ code }) => code)).toEqual(['provider_error', 'provider_error'])
    const said = b.said() + dump(b.errors)
    expect(said).toContain('(secret)')
    expectClean(said, [...canariesOf({ fake, jar }), clientSecret])
    expect(said).not.toMatch(/Basic [\w+/]{8}/)
  },
)

test('an error shows neither code nor state that the callback repeats in its description [G11]', async () => {
  const b = bench()
  const { answer } = await begin(b)
  const { searchParams } = answer
  const [code, state] = [searchParams.get('code') ?? '', searchParams.get('state') ?? '']
  searchParams.set('error', 'server_error')
  searchParams.set('error_description', `no ${code} of ${state} today`)
  await comeBack(b, answer)
  expect(b.errors[0]?.cause).toMatchObject({ error_description: 'no (secret) of (secret) today' })
  expectClean(dump(b.errors), [code, state])
})
