import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { cookieJar, fakeProvider, walkDance } from '@fetch-dance/testing'
import { DanceError, type DanceErrorCode } from 'fetch-dance'
import { afterEach, expect, test } from 'vitest'
import { secret } from './support/kit.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const readme = await readFile(join(root, 'README.md'), 'utf8')
const example = /^```ts\n([\s\S]*?)^```/m.exec(readme)?.[1] ?? ''
const undo: (() => unknown)[] = []

afterEach(async () => {
  for (const one of undo.splice(0).reverse()) await one()
})

test('the first example of the README is short, and is the one that is compiled', async () => {
  expect(example.trimEnd().split('\n').length).toBeLessThanOrEqual(18)
  expect(example).toBe(await readFile(join(root, 'packages/core/contract/readme.ts'), 'utf8'))
})

test('the first example of the README runs: off to GitHub, back, and the API is called A-03', async () => {
  const github = fakeGitHub()
  const app = await runExample(github)
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

/** A fake provider at GitHub's addresses. */
function fakeGitHub(): ReturnType<typeof fakeProvider> {
  const issuer = 'https://github.com/login/oauth'
  return fakeProvider({ issuer, clientId: 'client', clientSecret: 'swordfish', clientAuth: 'post' })
}

/** Loads the example as a module, with nothing else changed than the network and the environment. */
async function runExample(
  github: ReturnType<typeof fakeProvider>,
): Promise<(request: Request) => Promise<Response>> {
  const realFetch = globalThis.fetch
  globalThis.fetch = (input, init) => {
    const request = new Request(input, init)
    const url = request.url
      .replace('https://api.github.com/', `${github.issuer}/api/`)
      .replace(`${github.issuer}/access_token`, `${github.issuer}/token`)
    return github.fetch(new Request(url, request))
  }
  undo.push(() => {
    globalThis.fetch = realFetch
  })
  setVariables({
    DANCE_SECRET: secret,
    GITHUB_OAUTH_CLIENT_ID: 'client',
    GITHUB_OAUTH_CLIENT_SECRET: 'swordfish',
  })
  const cache = join(root, '.cache')
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'readme-'))
  undo.push(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'app.ts'), example)
  const { default: server } = await import(pathToFileURL(join(folder, 'app.ts')).href)
  return server.fetch
}

function setVariables(variables: Readonly<Record<string, string>>): void {
  const names = ['DANCE_ORIGIN', ...Object.keys(variables)]
  const before = new Map(names.map((name) => [name, process.env[name]]))
  undo.push(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  })
  delete process.env['DANCE_ORIGIN']
  Object.assign(process.env, variables)
}

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
