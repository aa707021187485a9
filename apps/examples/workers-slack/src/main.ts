import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Env, runCommand, startExample, startServer } from '@fetch-dance/examples-stage'
import { lanternAsSlack } from './lantern-as-slack.ts'

const cwd = fileURLToPath(new URL('..', import.meta.url))

await startExample({
  name: 'workers-slack',
  title: 'Morning digest',
  provider: 'slack',
  ...lanternAsSlack,
  async run(env, port) {
    const options = { cwd, env: variables(env) }
    await runCommand('wrangler', ['deploy', '--dry-run', '--outdir', 'dist'], options)
    const state = await openState(env)
    const address = ['--ip', '127.0.0.1', '--port', `${port}`, '--inspector-port', '0']
    const built = ['dev', 'dist/worker.js', '--no-bundle', '--persist-to', state.folder]
    const worker = await startServer('wrangler', [...built, ...address], {
      ...options,
      port,
    })
    return {
      async close() {
        await worker.close()
        await state.close()
      },
    }
  },
})

/** What wrangler needs, and what it hands on to the Worker: all of its environment, so no more than this. */
function variables(env: Env): Env {
  const wanted = /^(PATH|HOME|DANCE_(SECRET|ORIGIN)|LANTERN_ISSUER|SLACK_OAUTH_CLIENT_(ID|SECRET))$/
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => wanted.test(name))),
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    CLOUDFLARE_INCLUDE_PROCESS_ENV: 'true',
    WRANGLER_LOG: 'error',
    WRANGLER_SEND_METRICS: 'false',
  }
}

/** Where connections and digests are kept: in Lantern's company no longer than Lantern itself is there. */
async function openState({ LANTERN_ISSUER }: Env) {
  if (LANTERN_ISSUER === undefined) return { folder: '.wrangler/state', close: () => undefined }
  const folder = await mkdtemp(join(tmpdir(), 'workers-slack-'))
  return { folder, close: () => rm(folder, { recursive: true, force: true }) }
}
