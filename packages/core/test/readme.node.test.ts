import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cookieJar, walkDance } from '@fetch-dance/testing'
import { DanceError, type DanceErrorCode } from 'fetch-dance'
import { expect, test } from 'vitest'
import { firstExample, runExample } from '../../testing/test/support/run-readme.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const readme = await readFile(join(root, 'README.md'), 'utf8')
const example = await firstExample('README.md')

test('the first example of the README is short, and is the one that is compiled', async () => {
  expect(example.trimEnd().split('\n').length).toBeLessThanOrEqual(18)
  expect(example).toBe(await readFile(join(root, 'packages/core/contract/readme.ts'), 'utf8'))
})

test('the first example of the README runs: off to GitHub, back, and the API is called A-03', async () => {
  const { exported, github, stop } = await runExample(example, '.')
  try {
    const app = (request: Request) => exported.fetch(request)
    const jar = cookieJar()
    const first = await jar.send(app, 'http://localhost:3000/')
    expect(first.status).toBe(302)
    expect(first.headers.get('location')).toBe('/login/github?returnTo=%2F')

    const answer = await walkDance(app, github, 'http://localhost:3000/', jar)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ method: 'GET', path: '/user/repos' })

    const asked = new URL(github.requests.authorize[0]?.url ?? '').searchParams
    expect(asked.get('redirect_uri')).toBe('http://localhost:3000/login/github/callback')
    await jar.send(app, 'http://localhost:3000/')
    expect(github.consents).toBe(1)
  } finally {
    await stop()
  }
})

test('the README names every error code with its status', () => {
  const rows = [...readme.matchAll(/^\| `(\w+)` +\| (\d{3}) /gm)]
  const named = Object.fromEntries(rows.map(([, code = '', status]) => [code, Number(status)]))
  expect(named).toEqual(statuses)
  for (const [code, status] of Object.entries(statuses)) {
    // The keys of that list are codes by its type
    expect(new DanceError(code as DanceErrorCode, '').status, code).toBe(status)
  }
})

/** All of them: the compiler sees to it. */
const statuses: Record<DanceErrorCode, number> = {
  option_invalid: 500,
  origin_missing: 500,
  origin_not_allowed: 400,
  storage_unsuitable: 500,
  token_too_large: 500,
  cannot_persist: 500,
  handler_failed: 500,
  not_supported: 500,
  internal: 500,
  not_found: 404,
  method_not_allowed: 405,
  request_invalid: 400,
  request_too_large: 413,
  cross_origin: 403,
  login_forbidden: 403,
  login_required: 401,
  scope_required: 403,
  scope_refused: 403,
  scope_not_allowed: 400,
  owner_required: 403,
  owner_mismatch: 403,
  owner_failed: 503,
  account_in_use: 403,
  account_mismatch: 403,
  flow_missing: 400,
  flow_expired: 400,
  state_missing: 400,
  state_mismatch: 400,
  callback_invalid: 400,
  issuer_mismatch: 400,
  access_denied: 403,
  cookies_blocked: 400,
  provider_error: 502,
  grant_refused: 400,
  token_missing: 502,
  provider_bad_response: 502,
  provider_unavailable: 503,
  provider_timeout: 504,
  provider_unreachable: 502,
  discovery_failed: 502,
  id_token_invalid: 502,
  address_refused: 502,
  metadata_changed: 502,
  storage_failed: 503,
}
