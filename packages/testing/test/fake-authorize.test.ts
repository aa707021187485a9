import { fakeProvider } from '@fetch-dance/testing'
import { describe, expect, test } from 'vitest'
import { createClient } from './support/client.ts'

describe('fakeProvider() authorizes', () => {
  test('and answers code and state to the redirect URI', async () => {
    const client = await createClient(fakeProvider())
    const answer = await client.authorize()
    expect(answer.status).toBe(302)
    const location = new URL(answer.headers.get('location') ?? '')
    expect(location.origin + location.pathname).toBe('https://app.test/login/fake/callback')
    expect(location.searchParams.get('state')).toBe('a-state')
    expect(location.searchParams.get('code')).toMatch(/^code_[\w-]{32}$/)
    expect(location.searchParams.has('iss')).toBe(false)
  })

  test('and keeps the query of the redirect URI', async () => {
    const client = await createClient(fakeProvider())
    const answer = await client.consent({ redirect_uri: 'https://app.test/cb?tenant=a' })
    expect([answer.get('tenant'), answer.has('code')]).toEqual(['a', true])
  })

  test('with iss where it is told to S6', async () => {
    for (const [iss, sent] of [
      [true, 'https://fake.test'],
      ['https://evil.test', 'https://evil.test'],
    ] as const) {
      expect((await (await createClient(fakeProvider({ iss }))).consent()).get('iss')).toBe(sent)
    }
    const oidc = await createClient(fakeProvider({ oidc: true }))
    expect((await oidc.consent()).get('iss')).toBe('https://fake.test')
  })

  test('by a form that submits itself F-50', async () => {
    const client = await createClient(fakeProvider())
    const page = await (
      await client.authorize({ response_mode: 'form_post', state: `"'<&>` })
    ).text()
    expect(page).toContain('<form method="post" action="https://app.test/login/fake/callback">')
    expect(page).toContain('name="state" value="&#34;&#39;&#60;&#38;&#62;"')
  })

  test('not, when the person says no', async () => {
    const fake = fakeProvider({ consent: 'deny' })
    const answer = await (await createClient(fake)).consent()
    expect([answer.get('error'), answer.get('state'), answer.has('code')]).toEqual([
      'access_denied',
      'a-state',
      false,
    ])
  })

  const refused: [what: string, changes: Record<string, string | null>, error: string][] = [
    ['another response_type', { response_type: 'token' }, 'unsupported_response_type'],
    ['no code_challenge', { code_challenge: null }, 'invalid_request'],
    ['PKCE plain', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['no code_challenge_method', { code_challenge_method: null }, 'invalid_request'],
    ['a code_challenge of another length', { code_challenge: 'short' }, 'invalid_request'],
    ['an unknown response_mode', { response_mode: 'fragment' }, 'invalid_request'],
  ]
  for (const [what, changes, error] of refused) {
    test(`not with ${what}`, async () => {
      const answer = await (await createClient(fakeProvider())).consent(changes)
      expect([answer.get('error'), answer.has('code')]).toEqual([error, false])
    })
  }

  test('not an unknown app or redirect URI: a page, no redirect', async () => {
    const client = await createClient(fakeProvider({ redirectUris: ['https://app.test/cb'] }))
    for (const changes of [
      { client_id: 'other' },
      { redirect_uri: 'https://app.test/cb/' },
      { redirect_uri: 'javascript:alert(1)' },
      { redirect_uri: null },
    ]) {
      const answer = await client.authorize(changes)
      expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
    }
    expect((await client.authorize({ redirect_uri: 'https://app.test/cb' })).status).toBe(302)
  })

  test('and counts who had to look at the consent page A-17', async () => {
    const fake = fakeProvider()
    const client = await createClient(fake)
    await client.connect()
    await client.connect()
    expect(fake.consents).toBe(1)
    await client.connect({ scope: 'repo email admin' })
    expect(fake.consents).toBe(2)
    fake.endGrants()
    await client.connect()
    expect(fake.consents).toBe(3)
  })
})
