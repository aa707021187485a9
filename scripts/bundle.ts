import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { root } from './run.ts'

/** A minified bundle of one program. */
export interface Bundle {
  readonly text: string
  /** Octets after gzip -9. */
  readonly size: number
  /** The files in it, relative to the workspace, with the octets each brings. */
  readonly inputs: ReadonlyMap<string, number>
}

/** Bundles a program for the web as an app would: minified, tree-shaken, with all dependencies. */
export async function bundle(code: string, external: readonly string[] = []): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: root, loader: 'ts' },
    bundle: true,
    minify: true,
    metafile: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2024',
    legalComments: 'none',
    logLevel: 'error',
    external: [...external],
    absWorkingDir: root,
  })
  const text = outputFiles[0]?.text ?? ''
  const [output] = Object.values(metafile.outputs)
  const inputs = Object.entries(output?.inputs ?? {}).map(
    ([path, { bytesInOutput }]) => [path, bytesInOutput] as const,
  )
  return { text, size: gzipSync(text, { level: 9 }).length, inputs: new Map(inputs) }
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

/** A Worker whose users' connections are in Workers KV. */
export const workersApp = `
import { createDance } from 'fetch-dance'
import { github } from '@fetch-dance/providers/github'
import { cloudflareKv } from '@fetch-dance/storages/cloudflare-kv'
import { danceWorker } from '@fetch-dance/workers'
export default danceWorker(
  (env) =>
    createDance({
      providers: { github: github() },
      env,
      storage: cloudflareKv(env.TOKENS),
      owner: (request) => request.headers.get('x-user'),
    }),
  { fetch: async (_request, visit) => (await visit.require('github')).fetch('/user') },
)
`
