import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { atPort } from './at-port.ts'
import type { Start } from './host.ts'
import { runProcess, startProcess } from './start-process.ts'

const next = createRequire(import.meta.url).resolve('next/dist/bin/next')
const cwd = fileURLToPath(new URL('next', import.meta.url))

/** danceRoutes() and withDance() under `next start`, after a `next build`. */
export const startNext: Start = async (env) => {
  const all = { ...env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }
  await runProcess(process.execPath, { args: [next, 'build'], env: all, cwd })
  const { port, stop } = await startProcess(process.execPath, {
    args: [next, 'start', '--hostname', '127.0.0.1', '--port', '0'],
    env: all,
    cwd,
    listening: /- Local: +http:\/\/[^:\s]+:(\d+)\s/,
  })
  return atPort(port, stop)
}
