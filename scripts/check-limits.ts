// Files of at most 200 lines and functions of at most 50, adapters and presets of less. A file that is longer
// for a good reason says so on its first line: "// Longer than 200 lines: REASON".
import { posix } from 'node:path'
import { publishedSources, writtenSources } from './files.ts'
import { finish } from './problems.ts'
import {
  childAt,
  childrenOf,
  isFunction,
  readSource,
  type Source,
  type SyntaxNode,
  textAt,
  walk,
} from './syntax.ts'

const fileLimit = 200
const functionLimit = 50
const presetLimit = 60
const adapterLimits = { deno: 100, hono: 100, next: 200, workers: 100 }

const sources = writtenSources().map(readSource)

finish(
  [...sources.flatMap(checkFile), ...sources.flatMap(checkFunctions), ...checkAdapters()],
  `${sources.length} files within their limits`,
)

function checkFile(source: Source): string[] {
  const lines = linesOf(source)
  const isPreset = /^packages\/providers\/src\/[^/]+\.ts$/.test(source.path)
  const limit = isPreset ? presetLimit : fileLimit
  const excused = new RegExp(`^// Longer than ${limit} lines: .{10}`).test(source.text)
  const problems =
    lines > limit && !excused ? [`${source.path}: ${lines} lines, the limit is ${limit}`] : []
  return isPreset && !source.path.includes('.test')
    ? [...problems, ...checkPreset(source)]
    : problems
}

/** The id of a preset is the name of its file. */
function checkPreset(source: Source): string[] {
  const ids: (string | undefined)[] = []
  walk(source.program, (node) => {
    const isId = node.type === 'Property' && textAt(childAt(node, 'key'), 'name') === 'id'
    if (isId) ids.push(textAt(childAt(node, 'value'), 'value'))
  })
  const name = posix.basename(source.path, '.ts')
  return ids.includes(name) ? [] : [`${source.path}: no id "${name}", the name of the file`]
}

function checkFunctions(source: Source): string[] {
  const problems: string[] = []
  walk(source.program, (node) => {
    if (!isFunction(node)) return
    const lines = ownLines(source, node)
    const place = `${source.path}:${source.lineAt(node.start)}`
    if (lines > functionLimit) {
      problems.push(`${place}: a function of ${lines} lines, the limit is ${functionLimit}`)
    }
  })
  return problems
}

/** The lines of a function less those of the functions inside it, which are counted on their own. */
function ownLines(source: Source, node: SyntaxNode): number {
  const inner = innerFunctions(node).map((one) => span(source, one) - 1)
  return span(source, node) - inner.reduce((sum, lines) => sum + lines, 0)
}

function innerFunctions(node: SyntaxNode): SyntaxNode[] {
  return childrenOf(node).flatMap((child) => (isFunction(child) ? [child] : innerFunctions(child)))
}

function span(source: Source, node: SyntaxNode): number {
  return source.lineAt(node.end) - source.lineAt(node.start) + 1
}

function checkAdapters(): string[] {
  return Object.entries(adapterLimits).flatMap(([name, limit]) => {
    const own = publishedSources().filter((path) => path.startsWith(`packages/${name}/src/`))
    const lines = own.map(readSource).reduce((sum, source) => sum + linesOf(source), 0)
    return lines > limit ? [`packages/${name}/src: ${lines} lines, the limit is ${limit}`] : []
  })
}

function linesOf({ text }: Source): number {
  return text.trimEnd().split('\n').length
}
