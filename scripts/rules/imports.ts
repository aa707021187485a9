import { posix } from 'node:path'
import { importsOf, type Source } from '../syntax.ts'
import { type Walls, walls } from './walls.ts'

/** Which packages a source may import, and that it stays inside its own. */
export function checkImports(source: Source): string[] {
  const [, name = '', path = ''] = /^packages\/([^/]+)\/src\/(.+)$/.exec(source.path) ?? []
  const wall = walls[name]
  if (!wall) return [`${source.path}: the package "${name}" has no walls`]
  return importsOf(source).flatMap(({ specifier, node }) => {
    const reason = specifier.startsWith('.')
      ? leavesPackage(source, specifier)
      : refusal(wall, path, specifier)
    const place = `${source.path}:${source.lineAt(node.start)}`
    return reason ? [`${place} imports "${specifier}": ${reason}`] : []
  })
}

/** That an app does not run on what is made for tests. */
export function checkApp(source: Source): string[] {
  const found = importsOf(source).filter(({ specifier }) => specifier === '@fetch-dance/testing')
  return found.map(({ node }) => `${source.path}:${source.lineAt(node.start)} runs on the test kit`)
}

/** Each chain of relative imports that comes back to where it began. */
export function findCycles(sources: readonly Source[]): string[] {
  const graph = new Map(sources.map((source) => [source.path, relativeImports(source)]))
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

/** The path of a relatively imported file. */
export function resolveImport(source: Source, specifier: string): string {
  return posix.join(posix.dirname(source.path), specifier)
}

function leavesPackage(source: Source, specifier: string): string | null {
  const home = source.path.split('/').slice(0, 3).join('/')
  if (!/\.tsx?$/.test(specifier)) return 'a relative import carries its extension'
  return resolveImport(source, specifier).startsWith(`${home}/`) ? null : 'it leaves the package'
}

function refusal({ imports, only = {} }: Walls, path: string, specifier: string): string | null {
  const prefixes = only[specifier]
  if (prefixes) {
    const allowed = prefixes.some((prefix) => path.startsWith(prefix))
    return allowed ? null : `only ${prefixes.join(', ')} may`
  }
  const allowed = imports.some((name) =>
    name.endsWith('/') ? specifier.startsWith(name) : specifier === name,
  )
  return allowed ? null : 'it stands behind a wall'
}

function relativeImports(source: Source): string[] {
  const relative = importsOf(source).filter(({ specifier }) => specifier.startsWith('.'))
  return relative.map(({ specifier }) => resolveImport(source, specifier))
}
