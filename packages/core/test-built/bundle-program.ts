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
    format,
    platform: 'neutral',
    target: 'es2022',
    alias: { 'fetch-dance': built('core'), '@fetch-dance/testing': built('testing') },
  })
  return outputFiles[0]?.text ?? ''
}

function built(name: string): string {
  const path = fileURLToPath(new URL(`${name}/dist/index.js`, packages))
  if (!existsSync(path))
    throw new Error(`Cannot test the bundle: build the package "${name}" first`)
  return path
}
