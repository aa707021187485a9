import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { cookieJar, type FakeProvider, walkDance } from '@fetch-dance/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appAt, type Listening, listeningFake } from '../../testing/test/support/over-http.ts'

const fixture = fileURLToPath(new URL('fixture', import.meta.url))
const next = createRequire(import.meta.url).resolve('next/dist/bin/next')
// Nothing listens there: the app is asked for this host, as it is behind a proxy that ends TLS.
const origin = 'https://app.test'

let listening: Listening<FakeProvider>
let server: ChildProcess
let app: (request: Request) => Response | Promise<Response>

beforeAll(async () => {
  listening = await listeningFake()
  await build()
  server = runNext('start', '--hostname', '127.0.0.1', '--port', '0')
  app = appAt(await portOf(server))
}, 120_000)

afterAll(async () => {
  server?.kill('SIGKILL')
  await listening?.close()
})

describe('a Next app, built and started', () => {
  test('withDance() walks the whole dance behind a catch-all route A-12', async () => {
    const fake = listening.served
    const jar = cookieJar()
    const answer = await walkDance(app, fake, `${origin}/api/greeting`, jar)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ kind: 'greeting', login: 'octocat' })
    expect(fake.tokenRequests.length).toBe(1)
    // What an event handler left to waitUntil, after the callback was answered.
    await expect
      .poll(() => fake.requests.api.map(({ url }) => url))
      .toContain(`${fake.issuer}/api/welcome`)

    const goodbye = await jar.send(app, `${origin}/login/fake/logout`, { method: 'POST' })
    expect(goodbye.status).toBe(303)
    const after = await jar.send(app, `${origin}/api/greeting`)
    expect(after.headers.get('location')).toBe('/login/fake?returnTo=%2Fapi%2Fgreeting')
  })

  test('danceServer() sends the visitor of a page to log in, and reads what came of it', async () => {
    const jar = cookieJar()
    const answer = await walkDance(app, listening.served, `${origin}/`, jar)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toMatch(/Hello (<!-- -->)?octocat/)
  })

  test('danceRoutes() leaves no method of its routes to Next', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']) {
      const answer = await app(new Request(`${origin}/login/fake`, { method }))
      expect([method, answer.status, answer.headers.get('cache-control')]).toEqual([
        method,
        405,
        'no-store',
      ])
    }
  })
})

async function build(): Promise<void> {
  const child = runNext('build')
  const output = outputOf(child)
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`next build ended with exit code ${code}\n${output()}`)
}

function runNext(...args: string[]): ChildProcess {
  return spawn(process.execPath, [next, ...args], {
    cwd: fixture,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      FAKE_ISSUER: listening.served.issuer,
      DANCE_SECRET: 'hZ3v1mWq0sJt8yLk5dXcB2nRfPg7aUeTiOoV9wMxSjY',
      DANCE_ORIGIN: origin,
    },
  })
}

/** The port that a server tells it listens at. */
async function portOf(child: ChildProcess): Promise<number> {
  const output = outputOf(child)
  while (child.exitCode === null) {
    const [, port] = /- Local: +http:\/\/[^:\s]+:(\d+)\s/.exec(output()) ?? []
    if (port !== undefined) return Number(port)
    await setTimeout(50)
  }
  throw new Error(`next start ended with exit code ${child.exitCode}\n${output()}`)
}

/** All that a process has printed so far; it can go on printing. */
function outputOf({ stdout, stderr }: ChildProcess): () => string {
  let output = ''
  for (const stream of [stdout, stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  return () => output
}
