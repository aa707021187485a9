import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Lantern, startLantern } from '../src/lantern/server.ts'
import { notes } from '../src/notes.ts'
import { somePort } from './app-process.ts'
import { type LanternVisitor, visitLantern } from './lantern-client.ts'

let lantern: Lantern
let visitor: LanternVisitor

beforeAll(async () => {
  lantern = await startLantern({
    ...notes,
    port: await somePort(),
    appOrigins: ['http://localhost:9'],
    callbackPath: '/login/lantern/callback',
    tokenSeconds: 60,
  })
  visitor = visitLantern(lantern)
})

afterAll(() => lantern.close())

describe('Lantern’s API', () => {
  test('answers nobody without a token, and says why', async () => {
    const answer = await callAPI('/api/me')
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
    expect((await callAPI('/api/me', 'made-up')).status).toBe(401)
  })

  test('knows the person behind a token, and asks for the scope of each part', async () => {
    const { access_token } = await visitLantern(lantern).dance('Ada', 'openid profile')
    const me = await callAPI('/api/me', access_token)
    expect(await me.json()).toMatchObject({ name: 'Ada' })
    const notes = await callAPI('/api/notes', access_token)
    expect(notes.status).toBe(403)
    expect(notes.headers.get('www-authenticate')).toBe(
      'Bearer error="insufficient_scope", scope="notes"',
    )
  })

  test('has nothing else, and takes nothing but GET', async () => {
    expect((await callAPI('/api/else')).status).toBe(404)
    const posted = await fetch(`${lantern.issuer}/api/me`, { method: 'POST' })
    expect(posted.status).toBe(405)
  })
})

describe('Lantern’s tokens', () => {
  test('live as long as they were told to, and only for what was allowed', async () => {
    const answer = await visitLantern(lantern).dance('Ada', 'openid profile notes')
    expect(answer.expires_in).toBe(60)
    expect(answer.scope).toBe('openid profile notes')
    expect((await callAPI('/api/notes', answer.access_token)).status).toBe(200)
  })

  test('are refreshed with a new refresh token each time; a spent one ends them all', async () => {
    const person = visitLantern(lantern)
    const { refresh_token: first = '' } = await person.dance('Ada', 'openid profile')
    const second = await refresh(person, first)
    expect(second.refresh_token).not.toBe(first)
    expect((await callAPI('/api/me', second.access_token)).status).toBe(200)
    expect((await refresh(person, first)).error).toBe('invalid_grant')
    expect((await callAPI('/api/me', second.access_token)).status).toBe(401)
  })

  test('are revoked together with the consent', async () => {
    const person = visitLantern(lantern)
    const { access_token, refresh_token = '' } = await person.dance('Ada', 'openid profile')
    expect((await person.open('/')).page).toContain('Remove access')
    expect(await person.revoke(refresh_token)).toBe(200)
    expect((await callAPI('/api/me', access_token)).status).toBe(401)
    expect((await person.open('/')).page).toContain('None.')
    expect((await person.open(person.authorizationURL())).page).toContain('Allow')
  })
})

describe('Lantern’s pages', () => {
  test('refuse an app without PKCE', async () => {
    const { url } = await visitor.open(visitor.authorizationURL({ code_challenge: '' }))
    expect(url.searchParams.get('error')).toBe('invalid_request')
  })

  test('never lead to an address that is not the app’s', async () => {
    const address = visitor.authorizationURL({ redirect_uri: 'http://localhost:9/elsewhere' })
    const { page } = await visitor.open(address)
    expect(page).toContain('Lantern cannot answer this')
  })

  test('say so when they are over', async () => {
    const { page } = await visitor.open('/interaction/made-up')
    expect(page).toContain('This page has done its work')
  })

  test('need no script and no network', async () => {
    const answer = await fetch(lantern.issuer)
    expect(answer.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'self'/,
    )
    expect(await answer.text()).not.toMatch(/<script|https:/)
  })
})

function callAPI(path: string, token?: string): Promise<Response> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return fetch(lantern.issuer + path, { headers })
}

function refresh(person: LanternVisitor, token: string): ReturnType<LanternVisitor['token']> {
  return person.token({ grant_type: 'refresh_token', refresh_token: token })
}
