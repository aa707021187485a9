import { fileURLToPath } from 'node:url'
import { cookieJar, fakeProvider, walkDance } from '@fetch-dance/testing'
import { build } from 'esbuild'
import { Miniflare, type Request as WorkerRequest, Response as WorkerResponse } from 'miniflare'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appAt } from '../../testing/test/support/over-http.ts'

const origin = 'https://app.test'
const fake = fakeProvider()
let worker: Miniflare
let app: (request: Request) => Response | Promise<Response>

beforeAll(async () => {
  worker = new Miniflare({
    modules: true,
    script: await bundle('fixture/worker.ts'),
    compatibilityDate: '2026-07-01',
    bindings: {
      DANCE_SECRET: 'hZ3v1mWq0sJt8yLk5dXcB2nRfPg7aUeTiOoV9wMxSjY',
      DANCE_ORIGIN: origin,
    },
    outboundService: askFake,
  })
  app = asUser('alice', appAt(Number((await worker.ready).port)))
})

afterAll(() => worker?.dispose())

describe('danceWorker() in workerd', () => {
  test('walks the whole dance, and ends what waitUntil was given', async () => {
    const jar = cookieJar()
    const answer = await walkDance(app, fake, `${origin}/`, jar)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ login: 'octocat' })
    expect(fake.tokenRequests.length).toBe(1)
    await expect.poll(() => calls()).toContain('/api/welcome')

    const again = await jar.send(app, `${origin}/`)
    expect(again.status).toBe(200)
    expect(fake.tokenRequests.length).toBe(1)
  })

  test('hands the same dance to a cron trigger', async () => {
    const { scheduled } = await worker.getWorker()
    expect((await scheduled({ cron: '0 6 * * *' })).outcome).toBe('ok')
    expect(calls()).toContain('/api/cron?at=0%206%20*%20*%20*')
  })
})

/** What the Worker's fetch leads to. */
async function askFake(request: WorkerRequest): Promise<WorkerResponse> {
  const { url, method } = request
  const body = await request.text()
  const answer = await fake.fetch(url, {
    method,
    headers: Object.fromEntries(request.headers),
    redirect: 'manual',
    ...(method === 'GET' ? {} : { body }),
  })
  const { status } = answer
  const headers = Object.fromEntries(answer.headers)
  return new WorkerResponse(await answer.text(), { status, headers })
}

function calls(): string[] {
  return fake.requests.api.map(({ url }) => url.slice(fake.issuer.length))
}

function asUser(name: string, to: typeof app): typeof app {
  return (request) => {
    request.headers.set('x-user', name)
    return to(request)
  }
}

async function bundle(path: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(path, import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
  })
  return outputFiles[0]?.text ?? ''
}
