import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { type Env, startExample, startServer } from '@fetch-dance/examples-stage'
import { lanternAsSpotify } from './lantern-as-spotify.ts'

// Deno itself: ending the script that npm has for it would leave Deno running. Its package has no types.
const { runInstall } = createRequire(import.meta.url)('deno/install_api.cjs') as {
  runInstall(): string
}

await startExample({
  name: 'deno-spotify',
  title: 'On repeat',
  provider: 'spotify',
  ...lanternAsSpotify,
  async run(env, port) {
    const flags = ['--unstable-kv', '--no-prompt', '--no-lock', '--node-modules-dir=manual']
    const address = ['--host', '127.0.0.1', '--port', `${port}`]
    return startServer(
      runInstall(),
      ['serve', '--quiet', ...flags, ...permissions(env), ...address, 'src/app.ts'],
      {
        cwd: fileURLToPath(new URL('..', import.meta.url)),
        env: { ...env, DENO_DIR: '.cache/deno', DENO_NO_UPDATE_CHECK: '1' }, // with the database
        port,
      },
    )
  },
})

/** The app reads its environment and one file, and asks Spotify or Lantern; no more is allowed to it. */
function permissions({ LANTERN_ISSUER }: Env): string[] {
  const hosts = LANTERN_ISSUER
    ? new URL(LANTERN_ISSUER).host
    : 'accounts.spotify.com,api.spotify.com'
  const style = fileURLToPath(import.meta.resolve('@fetch-dance/examples-stage/style.css'))
  return ['--allow-env', `--allow-net=${hosts}`, `--allow-read=${style}`]
}
