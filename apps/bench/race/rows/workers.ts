import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { Miniflare, type WorkerOptions } from 'miniflare'
import { pack } from '../envelope.ts'
import type { Isolate, RaceEnv, Row } from '../row.ts'

type Worker = Awaited<ReturnType<Miniflare['getWorker']>>

const entry = fileURLToPath(new URL('../isolates/worker.ts', import.meta.url))

/** Workers of their own in workerd, with bindings to the same namespaces. Here, Workers KV is never behind. */
export const durableObject: Row = workersRow('Durable Object', 'durableObject', true)
export const d1: Row = workersRow('D1', 'd1', true)
export const kv: Row = workersRow('KV alone', 'kv', false)
export const coordinatedKv: Row = workersRow('KV + coordinator', 'coordinatedKv', true)
export const coordinatedCookie: Row = workersRow('cookie + coordinator', 'coordinatedCookie', true)

/** @param storage The name that `isolates/worker.ts` has for it. */
function workersRow(name: string, storage: string, promised: boolean): Row {
  return {
    name,
    promised,
    async open(env, isolates) {
      const script = await bundle()
      const names = Array.from({ length: isolates }, (_, index) => `isolate-${index}`)
      const workers = names.map((one) => workerOptions(one, script, { ...env, STORAGE: storage }))
      const miniflare = new Miniflare({ workers })
      const running = await Promise.all(names.map((one) => miniflare.getWorker(one)))
      return { isolates: running.map(isolateOf), close: () => miniflare.dispose() }
    },
  }
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    target: 'es2024',
    external: ['cloudflare:workers'],
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

function workerOptions(
  name: string,
  script: string,
  bindings: RaceEnv & { readonly STORAGE: string },
): WorkerOptions {
  const dance = { className: 'DanceStorage', scriptName: 'isolate-0', useSQLite: true }
  return {
    name,
    modules: true,
    script,
    compatibilityDate: '2026-07-01',
    bindings: { ...bindings },
    kvNamespaces: { TOKENS: 'tokens' },
    d1Databases: { DB: 'database' },
    durableObjects: { DANCE: dance },
  }
}

function isolateOf(worker: Worker): Isolate {
  return async (request) => {
    const answer = await worker.fetch(request.url, { headers: pack(request), redirect: 'manual' })
    // Miniflare's classes are not those of this process
    return new Response(await answer.text(), {
      status: answer.status,
      headers: [...answer.headers],
    })
  }
}
