import { fakeProvider } from '@fetch-dance/testing'
import { createDance, oauth2Provider, oidcProvider } from 'fetch-dance'
import { describe, expect, test } from 'vitest'
import { origin, secret } from './support/kit.ts'
import { expectNamed, failure } from './support/options.ts'

describe('the facts of a provider', () => {
  const facts = {
    id: 'x',
    authorizationEndpoint: 'https://x.test/authorize',
    tokenEndpoint: 'https://x.test/token',
  }
  // What a person without types may write
  const make = (change: object) => oauth2Provider({ ...facts, ...change } as typeof facts)

  test('are checked, and the wrong one is named with its provider', () => {
    const addresses = [
      'x.test',
      '/token',
      'http://x.test/token',
      'ftp://x.test/',
      'javascript:alert(1)',
      'https://user:password@x.test/',
      'http://localhost:80@x.test/',
    ]
    for (const name of [
      'authorizationEndpoint',
      'tokenEndpoint',
      'revocationEndpoint',
      'refreshEndpoint',
      'apiBase',
    ]) {
      for (const address of addresses) {
        expectNamed({ providers: { x: make({ [name]: address }) } }, `providers.x.${name}`)
      }
      expect(failure({ providers: { x: make({ [name]: 'http://localhost:1/' }) } })).toBe(null)
    }
    for (const [path, change] of [
      ['id', { id: undefined }],
      ['id', { id: '' }],
      ['clientId', { clientId: 7 }],
      ['clientSecret', { clientSecret: {} }],
      ['scopes', { scopes: 'user' }],
      ['scopes', { scopes: ['a b'] }],
      ['scopes', { scopes: { a: 'b' } }],
      ['optionalScopes', { optionalScopes: ['ä'] }],
      ['apiOrigins', { apiOrigins: ['x'] }],
      ['apiHeaders', { apiHeaders: { a: 1 } }],
      ['authorizationParams', { authorizationParams: 'a=b' }],
      ['clientAuth', { clientAuth: 'jwt' }],
      ['responseMode', { responseMode: 'fragment' }],
      ['pkce', { pkce: 'plain' }],
      ['pkce', { pkce: false }],
      ['rotation', { rotation: 'sometimes' }],
      ['profile.url', { profile: { url: '/me' } }],
      ['profile.map', { profile: { url: 'https://x.test/me', map: 'id' } }],
    ] as const) {
      expectNamed({ providers: { x: make(change) } }, `providers.x.${path}`)
    }
  })

  test('endpoints and issuers cannot be left out', () => {
    const { tokenEndpoint: _token, ...without } = facts
    const { authorizationEndpoint: _authorize, ...neither } = facts
    for (const [path, some] of [
      ['tokenEndpoint', without],
      ['authorizationEndpoint', neither],
    ] as const) {
      const provider = oauth2Provider(some as typeof facts) // what a person without types may write
      expectNamed({ providers: { x: provider } }, `providers.x.${path}`)
    }
    expectNamed({ providers: { x: oidcProvider({ id: 'x', issuer: 'x' }) } }, 'providers.x.issuer')
  })

  test('are those it was made with, whatever is done to the options afterwards', async () => {
    const options = { ...facts, clientId: 'x', clientSecret: 'y' }
    const dance = createDance({ providers: { x: oauth2Provider(options) }, secret, origin })
    options.authorizationEndpoint = 'https://evil.test/authorize'
    const headers = { accept: 'text/html' }
    const answer = await dance.handle(new Request(`${origin}/login/x`, { headers }))
    expect(answer.headers.get('location')).toContain(`${facts.authorizationEndpoint}?`)
  })

  test('an absent client secret is told at the login, not after consent NX-24', async () => {
    const provider = oauth2Provider({ ...facts, clientId: 'x' })
    const dance = createDance({ providers: { x: provider }, secret, origin })
    const headers = { accept: 'application/json', 'sec-fetch-site': 'same-origin' }
    const answer = await dance.handle(new Request(`${origin}/login/x`, { headers }))
    expect(answer.status).toBe(500)
    const { error, message } = await answer.json()
    expect([error, message]).toEqual([
      'option_invalid',
      expect.stringContaining('X_OAUTH_CLIENT_SECRET'),
    ])
  })

  test('something that is no provider is one wrong option', () => {
    const half = { protocol: {}, facts: {} }
    for (const provider of [null, undefined, 'github', {}, half, () => fakeProvider().provider()]) {
      expect(failure({ providers: { x: provider } })?.message).toContain('"providers.x')
    }
  })
})
