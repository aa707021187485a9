// The packages as they would be published: packed, looked at file by file, linted and imported.
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { findFiles, publishedSources } from './files.ts'
import { pnpmCommand } from './pnpm.mjs'
import { finish } from './problems.ts'
import { capture, root, run } from './run.ts'
import { childrenOf, readSource } from './syntax.ts'

interface Package {
  /** Its folder in packages/. */
  readonly folder: string
  readonly name: string
  /** The entries that people import. */
  readonly entries: readonly string[]
}

/** Frameworks and runtimes that are not there when an entry is imported on its own. */
const needsRuntime = ['@fetch-dance/next', '@fetch-dance/workers']

/** The one file of core that may import a module of Node's. */
const asyncContext = 'fetch-dance/dist/dance-context.js'

const target = await mkdtemp(join(tmpdir(), 'fetch-dance-packed-'))
const packages = findFiles('packages/*/package.json').map(readPackage)
const problems: string[] = []

try {
  const built = await run('turbo', ['run', 'build', '--output-logs=errors-only'])
  if (built !== 0) problems.push('the build failed')
  else for (const one of packages) problems.push(...(await checkPackage(one)))
  if (problems.length === 0) problems.push(...(await checkImports()))
} finally {
  await rm(target, { recursive: true, force: true })
}

finish(problems, `${packages.length} packages are fit to publish`)

function readPackage(path: string): Package {
  const { name, publishConfig } = JSON.parse(readFileSync(join(root, path), 'utf8'))
  const entries = Object.keys(publishConfig.exports).map((key) => key.replace(/^\./, name))
  return { folder: path.split('/')[1] ?? '', name, entries }
}

async function checkPackage(one: Package): Promise<string[]> {
  const [tarball, packing] = await pack(one)
  if (!tarball) return [`${one.name}: cannot be packed\n${packing}`]
  const unpacked = join(target, 'node_modules', one.name)
  mkdirSync(unpacked, { recursive: true })
  await capture('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1'])
  const publint = await capture('publint', [tarball])
  const attw = await capture('attw', [tarball, '--profile', 'esm-only', '--no-emoji'])
  return [
    ...(await checkFiles(one, unpacked)),
    ...(publint.code === 0 ? [] : [`${one.name}: publint\n${publint.output}`]),
    ...(attw.code === 0 ? [] : [`${one.name}: attw\n${attw.output}`]),
  ]
}

async function pack({ folder }: Package): Promise<[string | undefined, string]> {
  const [command = '', ...first] = pnpmCommand()
  const before = new Set(await readdir(target))
  const args = [...first, 'pack', '--pack-destination', target]
  const { output } = await capture(command, args, { cwd: join(root, 'packages', folder) })
  const made = (await readdir(target)).find((file) => file.endsWith('.tgz') && !before.has(file))
  return [made && join(target, made), output]
}

/** Exactly one or two files for each source, the manifest, the licence and texts for people. */
async function checkFiles({ folder, name }: Package, unpacked: string): Promise<string[]> {
  const packed = await filesBelow(unpacked)
  const sources = publishedSources().filter((path) => path.startsWith(`packages/${folder}/src/`))
  const wanted = sources.map(stemOf).flatMap((stem) => [`${stem}.js`, `${stem}.d.ts`])
  const allowed = new Set(['package.json', 'LICENSE', 'README.md', 'CHANGELOG.md', ...wanted])
  const strange = packed.filter((file) => !allowed.has(file))
  const lost = sources
    .filter((path) => !holdsOnlyTypes(path)) // Packed where a public type leads to them
    .map(stemOf)
    .filter((stem) => !packed.some((file) => file.startsWith(`${stem}.`)))
  const bare = ['package.json', 'LICENSE'].filter((file) => !packed.includes(file))
  return [
    ...strange.map((file) => `${name}: ${file} is packed and should not be`),
    ...[...lost, ...bare].map((file) => `${name}: ${file} should be packed and is not`),
    ...packed.flatMap((file) => forbidden(name, file, join(unpacked, file))),
  ]
}

/** Where a source is packed, without the extension. */
function stemOf(path: string): string {
  return `dist/${path.split('/').slice(3).join('/')}`.replace(/\.tsx?$/, '')
}

function holdsOnlyTypes(path: string): boolean {
  return childrenOf(readSource(path).program).every(
    ({ type, importKind, exportKind }) =>
      importKind === 'type' || exportKind === 'type' || /^TS(Interface|TypeAlias)/.test(type),
  )
}

function forbidden(name: string, file: string, path: string): string[] {
  const isFree = name === '@fetch-dance/testing' || `${name}/${file}` === asyncContext
  if (!file.endsWith('.js') || isFree) return []
  const text = readFileSync(path, 'utf8')
  const found = /["'](node:[^"']*|jose|@fetch-dance\/testing)["']|createRequire/.exec(text)
  return found ? [`${name}: ${file} holds ${found[0]}`] : []
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort()
}

/** Imports every packed entry in Node, with only the real dependencies beside it. */
async function checkImports(): Promise<string[]> {
  for (const { folder } of packages) linkDependencies(folder)
  const entries = packages
    .filter(({ name }) => !needsRuntime.includes(name))
    .flatMap((one) => one.entries)
  const code = entries.map((entry) => `await import(${JSON.stringify(entry)})`).join('\n')
  const { code: status, output } = await capture('node', ['--input-type=module', '-e', code], {
    cwd: target,
  })
  return status === 0 ? [] : [`the packed entries cannot be imported\n${output}`]
}

function linkDependencies(folder: string): void {
  const { dependencies = {}, peerDependencies = {} } = JSON.parse(
    readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'),
  )
  for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
    if (packages.some((one) => one.name === name)) continue
    const link = join(target, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    try {
      symlinkSync(join(root, 'packages', folder, 'node_modules', name), link)
    } catch {
      // Another package needs it too.
    }
  }
}
