import { fileURLToPath } from 'node:url'
import { cookieJar, fakeProvider, walkDance } from '@fetch-dance/testing'
import { Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appAt } from '../../testing/test/support/over-http.ts'
import { bundle, callsOf, outboundTo, secret } from './support/workerd.ts'

const origin = 'https://app.test'
const fake = fakeProvider()
let worker: Miniflare
let app: (request: Request) => Response | Promise<Response>

beforeAll(async () => {
  worker = new Miniflare({
    modules: true,
    script: await bundle({
      entryPoints: [fileURLToPath(new URL('fixture/worker.ts', import.meta.url))],
    }),
    compatibilityDate: '2026-07-01',
    bindings: { DANCE_SECRET: secret, DANCE_ORIGIN: origin },
    outboundService: outboundTo(fake),
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
    await expect.poll(() => callsOf(fake), patience).toContain('/api/welcome')

    const again = await jar.send(app, `${origin}/`)
    expect(again.status).toBe(200)
    expect(fake.tokenRequests.length).toBe(1)
  })

  test('hands the same dance to a cron trigger', async () => {
    const { scheduled } = await worker.getWorker()
    expect((await scheduled({ cron: '0 6 * * *' })).outcome).toBe('ok')
    expect(callsOf(fake)).toContain('/api/cron?at=0%206%20*%20*%20*')
  })

  test('saves what a queue refreshed, though its handler has ended [G8]', async () => {
    const { queue } = await worker.getWorker()
    const message = { id: '1', timestamp: new Date(), body: 'hello', attempts: 1 }
    expect((await queue('jobs', [message])).outcome).toBe('ok')
    expect(fake.tokenRequests.length).toBe(2)
    expect(callsOf(fake)).toContain('/api/queue?body=hello')
    await expect.poll(() => callsOf(fake), patience).toContain('/api/saved')
  })
})

const patience = { timeout: 20_000 }

function asUser(name: string, to: typeof app): typeof app {
  return (request) => {
    request.headers.set('x-user', name)
    return to(request)
  }
}
