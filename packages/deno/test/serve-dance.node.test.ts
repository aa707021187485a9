import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'

const run = promisify(execFile)
const deno = fileURLToPath(new URL('../../../node_modules/.bin/deno', import.meta.url))
const program = fileURLToPath(new URL('fixture/serve.ts', import.meta.url))

test('serveDance() walks the whole dance in Deno, with the secret of its environment', async () => {
  const flags = [
    '--unstable-kv',
    '--allow-env',
    '--allow-net=127.0.0.1',
    '--no-lock',
    '--node-modules-dir=manual',
  ]
  const folder = await mkdtemp(join(tmpdir(), 'deno-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const { stdout } = await run(deno, ['run', ...flags, program], {
    timeout: 30_000,
    env: {
      ...process.env,
      DENO_NO_UPDATE_CHECK: '1',
      DENO_DIR: folder, // Deno keeps its default database there
      DANCE_SECRET: 'hZ3v1mWq0sJt8yLk5dXcB2nRfPg7aUeTiOoV9wMxSjY',
    },
  })
  expect(JSON.parse(stdout)).toEqual({
    first: { login: 'octocat', from: '127.0.0.1' },
    second: { login: 'octocat', from: '127.0.0.1' },
    tokenRequests: 1,
    goodbye: 303,
    after: '/login/fake?returnTo=%2F',
  })
})
