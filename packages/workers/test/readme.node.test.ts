import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import {
  type App,
  cookieJar,
  type FakeProvider,
  fakeProvider,
  walkDance,
} from '@fetch-dance/testing'
import { Miniflare } from 'miniflare'
import { afterEach, expect, test } from 'vitest'
import { appAt } from '../../testing/test/support/over-http.ts'
import { bundle, callsOf, outboundTo, secret } from './support/workerd.ts'

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
const [start = '', cron = ''] = blocks('ts')
const [config = ''] = blocks('jsonc')
const [variables = ''] = blocks('ini')
const origin = 'http://localhost:8787'
const undo: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const one of undo.splice(0)) await one()
})

test('an empty Worker is connected in at most 20 lines', () => {
  expect([start, config, variables].join('').trimEnd().split('\n').length).toBeLessThanOrEqual(20)
})

test('the start of the README runs in workerd without any flag: off to GitHub, back, and the API is called', async () => {
  const { app, github } = await run(start)
  const jar = cookieJar()
  const first = await jar.send(app, `${origin}/`)
  expect(first.status).toBe(302)
  expect(first.headers.get('location')).toBe('/login/github?returnTo=%2F')

  const answer = await walkDance(app, github, `${origin}/`, jar)
  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({ method: 'GET', path: '/user/repos' })
  const asked = new URL(github.requests.authorize[0]?.url ?? '').searchParams
  expect(asked.get('redirect_uri')).toBe(`${origin}/login/github/callback`)

  await jar.send(app, `${origin}/login/github/logout`, { method: 'POST' })
  expect((await jar.send(app, `${origin}/`)).status).toBe(302)
})

test('the cron trigger of the README calls the API for those who connected, without any flag', async () => {
  const { app, github, worker } = await run(cron)
  const answer = await walkDance(app, github, `${origin}/`)
  expect(await answer.text()).toMatch(/^Every morning at six for \w+$/)
  const { scheduled } = await worker.getWorker()
  expect((await scheduled({ cron: '0 6 * * *' })).outcome).toBe('ok')
  expect(callsOf(github)).toContain('/api/notifications')
})

/** Runs code of the README as it stands, with its configuration and all variables that it names. */
async function run(code: string): Promise<{ app: App; github: FakeProvider; worker: Miniflare }> {
  const issuer = 'https://github.com/login/oauth'
  const known = { clientId: 'client', clientSecret: 'swordfish' }
  const github = fakeProvider({ issuer, ...known, clientAuth: 'post' })
  const values = { DANCE_SECRET: secret, GITHUB_OAUTH_CLIENT_ID: known.clientId }
  const all = { ...values, GITHUB_OAUTH_CLIENT_SECRET: known.clientSecret }
  const named = Object.entries(all).filter(([name]) => variables.includes(`${name}=`))
  const { compatibility_date: compatibilityDate, ...others } = JSON.parse(config)
  expect(Object.keys(others)).toEqual(['name', 'main'])
  const worker = new Miniflare({
    modules: true,
    script: await bundle({
      stdin: {
        contents: code,
        loader: 'ts',
        resolveDir: fileURLToPath(new URL('.', import.meta.url)),
      },
    }),
    compatibilityDate,
    bindings: Object.fromEntries(named),
    kvNamespaces: ['TOKENS'],
    outboundService: outboundTo(github, (url) =>
      url
        .replace('https://api.github.com/', `${issuer}/api/`)
        .replace(`${issuer}/access_token`, `${issuer}/token`),
    ),
  })
  undo.push(() => worker.dispose())
  return { app: appAt(Number((await worker.ready).port)), github, worker }
}

function blocks(language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm')
  return [...readme.matchAll(fence)].map(([, code = '']) => code)
}
