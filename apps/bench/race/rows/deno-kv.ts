import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pack } from '../envelope.ts'
import type { Isolate, Row } from '../row.ts'
import { startProcess } from './start-process.ts'

const program = fileURLToPath(new URL('../isolates/deno.ts', import.meta.url))
const flags = ['--allow-all', '--no-check', '--unstable-kv', '--node-modules-dir=manual']

/** Processes of Deno over one file. */
export const denoKv: Row = {
  name: 'Deno KV',
  promised: true,
  async open(env, isolates) {
    const folder = await mkdtemp(join(tmpdir(), 'fetch-dance-race-'))
    const settings = JSON.stringify({ env, path: join(folder, 'kv.sqlite') })
    const start = () => startProcess('deno', ['run', ...flags, program, settings], /^(\d+)$/m)
    const processes = await Promise.all(Array.from({ length: isolates }, start))
    return {
      isolates: processes.map(({ found }) => isolateAt(Number(found))),
      async close() {
        await Promise.all(processes.map((one) => one.end()))
        await rm(folder, { recursive: true, force: true })
      },
    }
  },
}

function isolateAt(port: number): Isolate {
  const target = `http://127.0.0.1:${port}`
  return (request) => fetch(target, { headers: pack(request), redirect: 'manual' })
}
