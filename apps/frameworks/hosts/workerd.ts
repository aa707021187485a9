import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { Miniflare } from 'miniflare'
import { atPort } from './at-port.ts'
import type { Start } from './host.ts'

/** danceWorker() in workerd, without a compatibility flag. */
export const startWorkerd: Start = async (env) => {
  const worker = new Miniflare({
    modules: true,
    script: await bundle(),
    compatibilityDate: '2026-07-01',
    bindings: { ...env },
    // what it prints of requests that it cannot read
    handleRuntimeStdio: (...streams: Readable[]) =>
      streams.forEach((stream) => void stream.resume()),
  })
  const { port } = await worker.ready
  return atPort(Number(port), () => worker.dispose())
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('worker.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
  })
  return outputFiles[0]?.text ?? ''
}
