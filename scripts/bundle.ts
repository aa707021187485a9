import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { rolldown } from 'rolldown'
import { root } from './run.ts'

/** A minified bundle of one program. */
export interface Bundle {
  readonly text: string
  /** Octets after gzip -9. */
  readonly size: number
  /** The files in it, relative to the workspace, with the octets each brings before it is minified. */
  readonly inputs: ReadonlyMap<string, number>
}

/** Bundles a program for the web as an app would: minified, tree-shaken, with all dependencies. */
export async function bundle(code: string, external: readonly string[] = []): Promise<Bundle> {
  const entry = 'program.ts'
  const bundled = await rolldown({
    input: entry,
    external: [...external],
    platform: 'neutral',
    cwd: root,
    plugins: [
      {
        name: 'program',
        resolveId: (id) => (id === entry ? join(root, entry) : null),
        load: (id) => (id === join(root, entry) ? code : null),
      },
    ],
  })
  const { output } = await bundled.generate({ format: 'esm', minify: true, comments: false })
  await bundled.close()
  const [{ code: text, modules }] = output
  const inputs = Object.entries(modules).map(
    ([path, { renderedLength }]) => [relative(root, path), renderedLength] as const,
  )
  return { text, size: gzipSync(text, { level: 9 }).length, inputs: new Map(inputs) }
}

/** Octets of the same bundle after another bundler and minifier, which many apps use, and gzip -9. */
export async function sizeByEsbuild(
  code: string,
  external: readonly string[] = [],
): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: root, loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2024',
    legalComments: 'none',
    logLevel: 'error',
    external: [...external],
    absWorkingDir: root,
  })
  return gzipSync(outputFiles[0]?.text ?? '', { level: 9 }).length
}

/** An app that signs in with GitHub: plain OAuth 2.0. */
export const githubApp = `
import { createDance } from 'fetch-dance'
import { github } from '@fetch-dance/providers/github'
export default (env) => createDance({ providers: { github: github() }, env })
`

/** An app that signs in with Google: OpenID Connect. */
export const oidcApp = `
import { createDance } from 'fetch-dance'
import { google } from '@fetch-dance/providers/google'
export default (env) => createDance({ providers: { google: google() }, env })
`
