import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cookieJar, fakeProvider, walkDance } from '@fetch-dance/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DenoApp, denoServe, leadTo } from './support/deno-serve.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const readme = await readFile(join(root, 'packages/deno/README.md'), 'utf8')
const [code, variables, command] = [block('ts'), block('ini'), block('sh')]
const flags = command.split(/\s+/).filter((word) => /^--(unstable|allow)-/.test(word))
const origin = 'http://localhost:8000'

const issuer = 'https://github.com/login/oauth'
const known = { clientId: 'client', clientSecret: 'swordfish', clientAuth: 'post' } as const
const github = fakeProvider({ issuer, ...known, expiresIn: 600, rotation: 'strict' })
const undo: (() => unknown)[] = []
let program: string
let env: Record<string, string>

beforeAll(async () => {
  const outside = await leadTo(github, (url) =>
    url
      .replace('https://api.github.com/', `${issuer}/api/`)
      .replace(`${issuer}/access_token`, `${issuer}/token`),
  )
  undo.push(outside.stop)
  await mkdir(join(root, '.cache'), { recursive: true })
  const folder = await mkdtemp(join(root, '.cache', 'deno-'))
  undo.push(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'main.ts'), code)
  program = join(folder, 'program.ts')
  const elsewhere = new URL('fixture/elsewhere.ts', import.meta.url)
  await writeFile(program, `import '${elsewhere}'\nexport { default } from './main.ts'\n`)
  const values = ['hZ3v1mWq0sJt8yLk5dXcB2nRfPg7aUeTiOoV9wMxSjY', known.clientId, known.clientSecret]
  const named = variables.trim().split(/=\n?/).filter(Boolean)
  expect(named.length).toBe(values.length)
  env = {
    ...Object.fromEntries(named.map((name, index) => [name, values[index] ?? ''])),
    DENO_DIR: folder, // Deno keeps its default database there
    FETCH_LEADS_TO: outside.url,
  }
})

afterAll(async () => {
  for (const one of undo.splice(0).reverse()) await one()
})

test('an empty Deno app is connected in at most 20 lines', () => {
  const lines = [code, variables, command].join('').trimEnd().split('\n')
  expect(lines.length).toBeLessThanOrEqual(20)
})

test('the start of the README runs in Deno, and what it connects outlives the process [G8]', async () => {
  const jar = cookieJar()
  const first = await serve({})
  const begun = await jar.send(first.app, `${origin}/`)
  expect(begun.headers.get('location')).toBe('/login/github?returnTo=%2F')
  const answer = await walkDance(first.app, github, `${origin}/`, jar)
  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({ method: 'GET', path: '/user/repos' })
  expect(github.tokenRequests.length).toBe(1)
  await first.stop()

  const second = await serve({})
  expect((await jar.send(second.app, `${origin}/`)).status).toBe(200)
  expect(github.tokenRequests.length).toBe(1)
  await second.stop()

  github.tick(900)
  const third = await serve({ SECONDS_AHEAD: '900' })
  const visits = Array.from({ length: 5 }, () => jar.send(third.app, `${origin}/`))
  for (const { status } of await Promise.all(visits)) expect(status).toBe(200)
  expect(github.tokenRequests.length).toBe(2)
  await jar.send(third.app, `${origin}/login/github/logout`, { method: 'POST' })
  expect((await jar.send(third.app, `${origin}/`)).status).toBe(302)
  await third.stop()
})

test('without --unstable-kv the app starts, and says what is missing when it is', async () => {
  const { app, said, stop } = await serve({}, (flag) => flag !== '--unstable-kv')
  const login = await cookieJar().send(app, `${origin}/login/github`)
  expect(login.headers.get('location')).toMatch(/^https:\/\/github\.com\/login\/oauth\/authorize\?/)
  const failed = await walkDance(app, github, `${origin}/login/github`)
  expect(failed.status).toBe(503)
  expect(await failed.text()).toContain('Cannot open Deno KV: start Deno with --unstable-kv')
  expect(said()).not.toContain('swordfish')
  await stop()
})

async function serve(
  more: Record<string, string>,
  isKept: (flag: string) => boolean = () => true,
): Promise<DenoApp> {
  const running = await denoServe(flags.filter(isKept), program, { ...env, ...more })
  undo.push(running.stop)
  return running
}

function block(language: string): string {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'm')
  return fence.exec(readme)?.[1] ?? ''
}
