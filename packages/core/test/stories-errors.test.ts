import { memoryStorage, walkDance } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { beginDance, comeBack, danceCookies, keepings } from './support/dancing.ts'
import { dump } from './support/dump.ts'
import { canariesOf, expectClean, expectEnvelope } from './support/envelope.ts'
import { kit, origin } from './support/kit.ts'
import { oidcFake } from './support/oidc-fake.ts'

const login = `${origin}/login/fake`
const html = { 'content-type': 'text/html' }

const failures = [
  ['400 invalid_grant', { status: 400 }, 'grant_refused', 400],
  ['500 text', { status: 500, body: 'oops' }, 'provider_unavailable', 503],
  ['200 without a token', { body: { token_type: 'bearer' } }, 'token_missing', 502],
  ['200 with an error', { body: { error: 'server_busy' } }, 'provider_error', 502],
  ['non-JSON', { body: '<p>hi', headers: html }, 'provider_bad_response', 502],
  ['no answer', { hang: true }, 'provider_timeout', 504],
  ['a network error', { networkError: true }, 'provider_unreachable', 502],
] as const

describe.each(keepings)('a token endpoint that answers, tokens %s', (_, keeping) => {
  test.each(failures)(
    '%s: one error event, nothing stored NX-06',
    async (_name, fault, code, status) => {
      const { dance, fake, jar, errors, events } = kit({ ...keeping(), timeout: 400 })
      const callback = await beginDance(dance.handle, fake, jar)
      fake.fault({ endpoint: 'token', ...fault })
      const canaries = canariesOf({ fake, jar })
      const answer = await comeBack(dance.handle, jar, callback)
      expect(answer.status).toBe(status)
      await expectEnvelope(answer, canaries)
      expect(
        errors.map((error) => [error.code, error.status, error.provider, error.phase]),
      ).toEqual([[code, status, 'fake', 'callback']])
      expectClean(dump(errors), canaries)
      expect(events).toEqual(['beforeLogin'])
      expect(danceCookies(jar)).toEqual([])
      expect(fake.tokenRequests.length).toBe(1) // a code is sent once
    },
  )
})

describe('onError()', () => {
  test('answers every failure itself, sees the code and no secret A-13 [G11]', async () => {
    const seen: string[] = []
    const { dance, fake, jar } = kit({
      timeout: 400,
      onError: (error: { code: string }, context: { phase: string; provider?: string }) => {
        seen.push(`${error.code} ${context.phase} ${context.provider}`, dump(error), dump(context))
        return new Response(`our own page: ${error.code}`, { status: 418 })
      },
    })
    const canaries: string[] = []
    const expectOwn = async (answer: Response, code: string) => {
      canaries.push(...canariesOf({ fake, jar }))
      expect([answer.status, await answer.text()]).toEqual([418, `our own page: ${code}`])
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    }
    for (const [, fault, code] of failures) {
      const callback = await beginDance(dance.handle, fake, jar)
      fake.fault({ endpoint: 'token', ...fault })
      await expectOwn(await comeBack(dance.handle, jar, callback), code)
    }
    await expectOwn(await jar.send(dance.handle, `${login}?scopes=root`), 'scope_not_allowed')
    await expectOwn(await jar.send(dance.handle, `${login}/logout`), 'method_not_allowed')
    await expectOwn(await jar.send(dance.handle, `${origin}/elsewhere`), 'not_found')
    const planted = `${login}/callback?code=planted-code&state=planted-state`
    await expectOwn(await jar.send(dance.handle, planted), 'flow_missing')
    expect(seen).toContain('grant_refused callback fake')
    expectClean(seen.join('\n'), [...canaries, 'planted-code', 'planted-state'])
  })

  test('that says nothing, throws or never ends leaves the page to the library A-13 [G1]', async () => {
    for (const onError of [
      () => {},
      () => Promise.reject(new Error('mine')),
      () => new Promise(() => {}),
    ]) {
      const { dance, jar } = kit({ onError, timeout: 300 })
      const answer = await jar.send(dance.handle, `${login}/callback`)
      expect(answer.status).toBe(400)
      expect(await expectEnvelope(answer)).toContain('<h1>')
    }
  })
})

test('the page is small, accessible and says what happened and what to do A-13 [G1]', async () => {
  const { dance, fake, jar } = kit()
  const callback = await beginDance(dance.handle, fake, jar)
  fake.fault({ endpoint: 'token', status: 400 })
  const answer = await comeBack(dance.handle, jar, callback)
  const page = await expectEnvelope(answer)
  expect(page).toMatch(/^<!doctype html>\s*<html lang="en">/)
  for (const part of [
    '<meta charset="utf-8">',
    '<title>',
    '<main>',
    '<h1>',
    'name="viewport"',
    'again=1',
  ]) {
    expect(page).toContain(part)
  }
  expect(page).not.toMatch(/<script|<style|style=|\son\w+=/)
  expect(page.length).toBeLessThan(2000)
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
  const policy = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
  expect(answer.headers.get('content-security-policy')).toBe(policy)
})

test('a script gets { error, message } A-13', async () => {
  const { dance, jar } = kit()
  const headers = { accept: 'application/json', 'sec-fetch-mode': 'cors' }
  const answer = await jar.send(dance.handle, `${login}/callback`, { headers })
  expect(JSON.parse(await expectEnvelope(answer))).toEqual({
    error: 'state_missing',
    message: expect.stringMatching(/^Cannot /),
  })
})

test('redirects.error is for failures of a state of ours; others stay on the page A-13 A-16', async () => {
  const { dance, fake, jar } = kit({ redirects: { error: 'https://www.app.test/help' } })
  const callback = await beginDance(dance.handle, fake, jar)
  fake.fault({ endpoint: 'token', status: 500 })
  const led = await comeBack(dance.handle, jar, callback)
  const target = 'https://www.app.test/help?error=provider_unavailable&provider=fake'
  expect([led.status, led.headers.get('location')]).toEqual([303, target])
  const stays = await comeBack(dance.handle, jar, `${login}/callback?code=1&state=2`)
  expect(stays.status).toBe(400)
})

test('what a provider says is data in the cause, never on the page A-13 F-41', async () => {
  const { dance, fake, jar, errors } = kit()
  const callback = new URL(await beginDance(dance.handle, fake, jar))
  const state = callback.searchParams.get('state') ?? ''
  const said = {
    error: 'no_\u202eway',
    error_description: '<script>alert(1)</script>\r\nX: y',
    state,
  }
  const answer = await comeBack(dance.handle, jar, `${login}/callback?${new URLSearchParams(said)}`)
  expect(answer.status).toBe(502)
  expect(await expectEnvelope(answer)).not.toContain('alert')
  expect(errors.map(({ code, cause }) => [code, cause])).toEqual([
    ['provider_error', { error: 'no_way', error_description: '<script>alert(1)</script>X: y' }],
  ])
})

test('a login that fails leaves an earlier connection alone NX-06', async () => {
  const storage = memoryStorage()
  const { app, fake, jar } = kit({ storage }, oidcFake())
  await walkDance(app, fake, `${origin}/`, jar)
  fake.fault({ endpoint: 'token', status: 400 })
  expect((await walkDance(app, fake, login, jar)).status).toBe(400)
  expect((await jar.send(app, `${origin}/`)).status).toBe(200)
})
