import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'
import { pathToFileURL } from 'node:url'
import { cookieJar } from '@fetch-dance/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from './run.ts'

const [, example = ''] = /^```ts\n([\s\S]*?)^```/m.exec(read('README.md')) ?? []
const networkFetch = globalThis.fetch

describe('the first example of the README', () => {
  beforeAll(() => {
    env.DANCE_SECRET = 'q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k'
    env.GITHUB_OAUTH_CLIENT_ID = 'an-app'
    env.GITHUB_OAUTH_CLIENT_SECRET = 'its-secret'
    globalThis.fetch = async (input, init) => answerAsGitHub(new Request(input, init))
  })

  afterAll(() => {
    globalThis.fetch = networkFetch
  })

  test('is at most 18 lines', () => {
    expect(example.trim().split('\n').length).toBeLessThanOrEqual(18)
    expect(example).toContain('createDance')
  })

  test('sends a visitor to GitHub and back, and shows what the API answers', async () => {
    const { default: app } = await importExample()
    const jar = cookieJar()
    const visit = (url: string) => jar.send(app.fetch, url)

    const toLogin = await visit('http://localhost:3000/')
    const toGitHub = await visit(locationOf(toLogin))
    const authorize = new URL(locationOf(toGitHub))
    expect(authorize.origin).toBe('https://github.com')
    const callback = new URL(authorize.searchParams.get('redirect_uri') ?? '')
    callback.searchParams.set('code', 'a-code')
    callback.searchParams.set('state', authorize.searchParams.get('state') ?? '')
    const back = await visit(callback.href)
    const page = await visit(locationOf(back))

    expect(await page.json()).toEqual([{ name: 'hello-world' }])
  })
})

/** GitHub's token endpoint and API, as far as the example goes. */
async function answerAsGitHub(request: Request): Promise<Response> {
  const { origin, pathname } = new URL(request.url)
  if (origin === 'https://github.com' && pathname === '/login/oauth/access_token') {
    return Response.json({ access_token: 'a-token', token_type: 'bearer', scope: '' })
  }
  const mayCall = request.headers.get('authorization') === 'Bearer a-token'
  if (origin !== 'https://api.github.com' || !mayCall) return new Response(null, { status: 403 })
  return Response.json(
    pathname === '/user/repos' ? [{ name: 'hello-world' }] : { id: 1, login: 'a' },
  )
}

/** The example as a module of its own, in a folder from which the packages are found. */
async function importExample(): Promise<{ default: { fetch(r: Request): Promise<Response> } }> {
  const folder = join(root, '.cache', 'readme')
  const file = join(folder, 'example.ts')
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, example)
  return import(/* @vite-ignore */ pathToFileURL(file).href)
}

function locationOf(response: Response): string {
  const location = response.headers.get('location') ?? ''
  return new URL(location, 'http://localhost:3000').href
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}
