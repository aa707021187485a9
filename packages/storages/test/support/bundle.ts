import { type BuildOptions, build } from 'esbuild'

/** What all Workers here have in common. */
export const workerSettings = { modules: true, compatibilityDate: '2026-07-01' } as const

/** Bundles a Worker: a file, or code. */
export async function bundle(
  source: Pick<BuildOptions, 'entryPoints'> | Pick<BuildOptions, 'stdin'>,
): Promise<string> {
  const { outputFiles } = await build({
    ...source,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:workers'],
  })
  return outputFiles?.[0]?.text ?? ''
}
