import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build, type Format } from 'esbuild'

const packages = new URL('../../', import.meta.url)

/** Bundles code that uses program.ts with the built packages: what people install, not the sources. */
export async function bundleProgram(code: string, format: Format): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    write: false,
    logLevel: 'error',
    format,
    platform: 'neutral',
    target: 'es2022',
    alias: {
      'fetch-dance': built('core/dist/index.js'),
      'fetch-dance/context': built('core/dist/dance-context.js'),
      '@fetch-dance/testing': built('testing/dist/index.js'),
    },
    external: ['node:async_hooks'],
  })
  return outputFiles[0]?.text ?? ''
}

function built(file: string): string {
  const path = fileURLToPath(new URL(file, packages))
  if (!existsSync(path)) throw new Error(`Cannot test the bundle: build "${file}" first`)
  return path
}
