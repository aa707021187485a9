import { fileURLToPath } from 'node:url'
import { runCommand, startExample, startServer } from '@fetch-dance/examples-stage'
import { lanternAsGoogle } from './lantern-as-google.ts'

await startExample({
  name: 'next-google',
  title: 'My calendar',
  provider: 'google',
  ...lanternAsGoogle,
  async run(env, port) {
    const options = {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: {
        ...env,
        NODE_ENV: 'production',
        NEXT_TELEMETRY_DISABLED: '1',
        NEXT_MANUAL_SIG_HANDLE: 'true', // else a browser's open connection keeps Next from ending
      },
    }
    await runCommand('next', ['build'], options)
    const address = ['--hostname', '127.0.0.1', '--port', `${port}`]
    return startServer('next', ['start', ...address], { ...options, port })
  },
})
