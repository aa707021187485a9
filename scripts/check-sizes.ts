// What an app ships: bundles, minified and gzip -9, against their limits, and what must not be in them.
import { posix } from 'node:path'
import { type Bundle, bundle, githubApp, oidcApp, workersApp } from './bundle.ts'
import { findFiles } from './files.ts'
import { finish } from './problems.ts'

const kilobyte = 1000
const problems: string[] = []

const plain = await measure('GitHub login', 30, githubApp)
await measure('OpenID Connect login', 33, oidcApp)
await measure('Workers + KV app', 34, workersApp)
for (const path of findFiles('packages/providers/src/*.ts')) {
  if (path.includes('.test')) continue
  const name = posix.basename(path, '.ts')
  await measure(`preset ${name}`, 0.6, `export * from './${path}'`, ['fetch-dance'])
}

const shipsOidc = [...plain.inputs].some(([path, size]) => /protocol\/oidc/.test(path) && size > 0)
if (shipsOidc) problems.push('GitHub login: the OpenID Connect protocol is in the bundle')

finish(problems, 'sizes within their limits')

async function measure(
  name: string,
  limit: number,
  code: string,
  external: readonly string[] = [],
): Promise<Bundle> {
  const result = await bundle(code, external)
  const size = result.size / kilobyte
  const figures = `${size.toFixed(2).padStart(6)} kB of ${limit} kB`
  console.log(`${name.padEnd(22)} ${figures}  ${shares(result)}`)
  if (size > limit) problems.push(`${name}: ${size.toFixed(2)} kB, the limit is ${limit} kB`)
  problems.push(...forbidden(name, result))
  return result
}

/** What each package brings, before gzip. */
function shares({ inputs }: Bundle): string {
  const sums = new Map<string, number>()
  for (const [path, size] of inputs) {
    const [, name = ''] = /.*(?:node_modules|packages)\/((?:@[^/]+\/)?[^/]+)\//.exec(path) ?? []
    if (name) sums.set(name, (sums.get(name) ?? 0) + size)
  }
  const parts = [...sums].sort(([, one], [, other]) => other - one)
  return parts.map(([name, size]) => `${name} ${(size / kilobyte).toFixed(1)}`).join(', ')
}

function forbidden(name: string, { text, inputs }: Bundle): string[] {
  const strings = ['node:', 'createRequire', 'process.env'].filter((one) => text.includes(one))
  const paths = [...inputs.keys()].filter((path) =>
    /node_modules\/jose\/|packages\/testing\//.test(path),
  )
  return [...strings, ...paths].map((found) => `${name}: "${found}" is in the bundle`)
}
