import { fileURLToPath } from 'node:url'
import { atPort } from './at-port.ts'
import type { Start } from './host.ts'
import { startProcess } from './start-process.ts'

const deno = fileURLToPath(new URL('../node_modules/.bin/deno', import.meta.url))
const app = fileURLToPath(new URL('deno-app.ts', import.meta.url))

/** serveDance() under `deno serve`. */
export const startDeno: Start = async (env) => {
  const flags = ['--allow-env', '--allow-net=127.0.0.1', '--no-lock', '--node-modules-dir=manual']
  const { port, stop } = await startProcess(deno, {
    args: ['serve', ...flags, '--host', '127.0.0.1', '--port', '0', app],
    env: { ...env, DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' },
    listening: /Listening on http:\/\/127\.0\.0\.1:(\d+)/,
  })
  return atPort(port, stop)
}
