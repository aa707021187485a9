import { cookieJar, walkDance } from '@fetch-dance/testing'
import { expect, test } from 'vitest'
import { firstExample, runExample } from '../../testing/test/support/run-readme.ts'

const example = await firstExample('packages/hono/README.md')

test('the first example of the README goes from an empty app to connected in 20 lines', () => {
  expect(example).toContain('new Hono()')
  expect(example.trimEnd().split('\n').length).toBeLessThanOrEqual(20)
})

test('the first example of the README runs: off to GitHub, back, and the API is called A-03', async () => {
  const { exported, github, stop } = await runExample(example, 'packages/hono')
  try {
    const app = (request: Request) => exported.fetch(request)
    const jar = cookieJar()
    const first = await jar.send(app, 'http://localhost:3000/')
    expect(first.headers.get('location')).toBe('/login/github?returnTo=%2F')

    const answer = await walkDance(app, github, 'http://localhost:3000/', jar)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ method: 'GET', path: '/user/repos' })
    const asked = new URL(github.requests.authorize[0]?.url ?? '').searchParams
    expect(asked.get('redirect_uri')).toBe('http://localhost:3000/login/github/callback')

    await jar.send(app, 'http://localhost:3000/') // connected: nobody is asked again
    expect([github.consents, github.tokenRequests.length]).toEqual([1, 1])
  } finally {
    await stop()
  }
})
