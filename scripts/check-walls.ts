// Who may import whom, in which order core is read, and what core must not touch.
import { posix } from 'node:path'
import { findFiles, publishedSources } from './files.ts'
import { finish } from './problems.ts'
import { checkGlobals, checkProviderNames } from './rules/core-names.ts'
import { checkImportTime } from './rules/import-time.ts'
import { checkApp, checkImports, findCycles } from './rules/imports.ts'
import { checkReadingOrder, findGhosts } from './rules/reading-order.ts'
import { readSource } from './syntax.ts'

const sources = publishedSources().map(readSource)
const apps = findFiles('apps/{,examples/}*/src/**/*.{ts,tsx}').map(readSource)
const core = sources.filter(({ path }) => path.startsWith('packages/core/'))
const providers = findFiles('packages/providers/src/*.ts').map((path) =>
  posix.basename(path, '.ts'),
)

const problems = [
  ...sources.flatMap(checkImports),
  ...sources.flatMap(checkImportTime),
  ...apps.flatMap(checkApp),
  ...findCycles([...sources, ...apps]),
  ...core.flatMap((source) => checkReadingOrder(source)),
  ...core.flatMap(checkGlobals),
  ...core.flatMap((source) => checkProviderNames(source, providers)),
  ...findGhosts(core.map(({ path }) => path)),
]

finish(problems, `the walls of ${sources.length + apps.length} files stand`)
