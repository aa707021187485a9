// Who may import whom, in which order core is read, and what core must not touch.
import { posix } from 'node:path'
import { findFiles, publishedSources } from './files.ts'
import { checkImportTime } from './import-time.ts'
import { finish } from './problems.ts'
import { readingOrder } from './reading-order.ts'
import { childAt, importsOf, readSource, type Source, textAt, walk } from './syntax.ts'
import { forbiddenInCore, type Walls, walls } from './walls.ts'

const core = 'packages/core/src/'
const sources = publishedSources().map(readSource)
const presets = findFiles('packages/providers/src/*.ts').map((path) => posix.basename(path, '.ts'))

finish(
  [...sources.flatMap(checkSource), ...cycles(sources), ...forgotten()],
  `walls stand: ${sources.length} files`,
)

function checkSource(source: Source): string[] {
  const problems = [...checkImports(source), ...checkImportTime(source)]
  return source.path.startsWith(core)
    ? [...problems, ...checkOrder(source), ...checkGlobals(source), ...checkNames(source)]
    : problems
}

function checkImports(source: Source): string[] {
  const [, name = '', path = ''] = /^packages\/([^/]+)\/src\/(.+)$/.exec(source.path) ?? []
  const wall = walls[name]
  if (!wall) return [`${source.path}: the package "${name}" has no walls in scripts/walls.ts`]
  return importsOf(source).flatMap(({ specifier, node }) => {
    const reason = specifier.startsWith('.')
      ? leavesPackage(source, specifier)
      : refusal(wall, path, specifier)
    return reason ? [`${at(source, node.start)} imports "${specifier}": ${reason}`] : []
  })
}

function leavesPackage(source: Source, specifier: string): string | null {
  const home = source.path.split('/').slice(0, 3).join('/')
  if (!/\.tsx?$/.test(specifier)) return 'a relative import carries its extension'
  return resolved(source, specifier).startsWith(`${home}/`) ? null : 'it leaves the package'
}

function refusal({ imports, only = {} }: Walls, path: string, specifier: string): string | null {
  const prefixes = only[specifier]
  if (prefixes) {
    return prefixes.some((prefix) => path.startsWith(prefix)) ? null : `only ${prefixes} may`
  }
  const allowed = imports.some((name) =>
    name.endsWith('/') ? specifier.startsWith(name) : specifier === name,
  )
  return allowed ? null : 'not behind this wall'
}

function checkOrder(source: Source): string[] {
  const place = placeOf(source.path)
  if (place < 0) return [`${source.path}: it has no place in scripts/reading-order.ts`]
  return importsOf(source).flatMap(({ specifier, node }) => {
    if (!specifier.startsWith('.')) return []
    const other = resolved(source, specifier)
    const steps = [source.path, other].every((path) => path.startsWith(`${core}steps/`))
    if (steps) return [`${at(source, node.start)} imports ${specifier}: a step imports no step`]
    if (placeOf(other) > place) return []
    return [`${at(source, node.start)} imports ${specifier}: that stands above it`]
  })
}

function checkGlobals(source: Source): string[] {
  const problems: string[] = []
  walk(source.program, (node, parents) => {
    const name = node.type === 'MemberExpression' ? memberName(node) : freeName(node, parents)
    if (name && forbiddenInCore.includes(name)) {
      problems.push(`${at(source, node.start)} uses ${name}: core has web globals only`)
    }
  })
  return problems
}

function memberName(node: Parameters<typeof childAt>[0]): string {
  const object = textAt(childAt(node, 'object'), 'name')
  return `${object}.${textAt(childAt(node, 'property'), 'name')}`
}

/** The name of an identifier that is neither a member nor a key. */
function freeName(
  node: Parameters<typeof childAt>[0],
  parents: readonly Parameters<typeof childAt>[0][],
): string | undefined {
  const parent = parents.at(-1)
  if (node.type !== 'Identifier' || !parent || /^TS/.test(parent.type)) return undefined
  const computed = parent.computed === true
  const named = [childAt(parent, 'property'), childAt(parent, 'key')].includes(node)
  return named && !computed ? undefined : textAt(node, 'name')
}

/** Differences between providers are data in a preset: no code of core names one. */
function checkNames(source: Source): string[] {
  const problems: string[] = []
  walk(source.program, (node) => {
    const value = node.type === 'Literal' ? textAt(node, 'value') : undefined
    if (value && presets.includes(value)) {
      problems.push(`${at(source, node.start)} names the provider "${value}"`)
    }
  })
  return problems
}

function cycles(all: readonly Source[]): string[] {
  const graph = new Map(all.map((source) => [source.path, relativeImports(source)]))
  const done = new Set<string>()
  const problems: string[] = []
  const follow = (path: string, trail: readonly string[]) => {
    if (trail.includes(path)) {
      problems.push(`a cycle: ${[...trail.slice(trail.indexOf(path)), path].join(' → ')}`)
    } else if (!done.has(path)) {
      for (const next of graph.get(path) ?? []) follow(next, [...trail, path])
      done.add(path)
    }
  }
  for (const path of graph.keys()) follow(path, [])
  return problems
}

function relativeImports(source: Source): string[] {
  const relative = importsOf(source).filter(({ specifier }) => specifier.startsWith('.'))
  return relative.map(({ specifier }) => resolved(source, specifier))
}

function forgotten(): string[] {
  const paths = new Set(sources.map(({ path }) => path))
  const gone = readingOrder.filter((name) => !paths.has(`${core}${name}.ts`))
  return gone.map((name) => `scripts/reading-order.ts: ${name} does not exist`)
}

function placeOf(path: string): number {
  return readingOrder.indexOf(path.slice(core.length).replace(/\.ts$/, ''))
}

function resolved(source: Source, specifier: string): string {
  return posix.join(posix.dirname(source.path), specifier)
}

function at(source: Source, offset: number): string {
  return `${source.path}:${source.lineAt(offset)}`
}
