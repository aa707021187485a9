import { posix } from 'node:path'
import {
  childAt,
  childrenOf,
  isFunction,
  type Source,
  type SyntaxNode,
  textAt,
  walk,
} from '../syntax.ts'

const fileLimit = 200
const functionLimit = 50
const presetLimit = 60
const adapterLimits = { deno: 100, hono: 100, next: 200, workers: 100 }

/** That a file is short, or says on its first line why not: "// Longer than 200 lines: REASON". */
export function checkFile(source: Source): string[] {
  const limit = isPreset(source) ? presetLimit : fileLimit
  const excused = new RegExp(`^// Longer than ${limit} lines: .{10}`).test(source.text)
  const lines = linesOf(source)
  return lines > limit && !excused ? [`${source.path}: ${lines} lines, the limit is ${limit}`] : []
}

/** That every function is short; the functions inside it are counted on their own. */
export function checkFunctions(source: Source): string[] {
  const problems: string[] = []
  walk(source.program, (node) => {
    if (!isFunction(node)) return
    const lines = ownLines(source, node)
    if (lines <= functionLimit) return
    const place = `${source.path}:${source.lineAt(node.start)}`
    problems.push(`${place}: a function of ${lines} lines, the limit is ${functionLimit}`)
  })
  return problems
}

/** That the id of a preset is the name of its file. */
export function checkPreset(source: Source): string[] {
  if (!isPreset(source)) return []
  const ids: (string | undefined)[] = []
  walk(source.program, (node) => {
    const isId = node.type === 'Property' && textAt(childAt(node, 'key'), 'name') === 'id'
    if (isId) ids.push(textAt(childAt(node, 'value'), 'value'))
  })
  const name = posix.basename(source.path, '.ts')
  return ids.includes(name) ? [] : [`${source.path}: no id "${name}", the name of the file`]
}

/** That an adapter as a whole stays thin. */
export function checkAdapters(sources: readonly Source[]): string[] {
  return Object.entries(adapterLimits).flatMap(([name, limit]) => {
    const own = sources.filter(({ path }) => path.startsWith(`packages/${name}/src/`))
    const lines = own.reduce((sum, source) => sum + linesOf(source), 0)
    return lines > limit ? [`packages/${name}/src: ${lines} lines, the limit is ${limit}`] : []
  })
}

function isPreset({ path }: Source): boolean {
  return /^packages\/providers\/src\/[^/.]+\.ts$/.test(path)
}

/** The lines of a function less those of the functions inside it, which leave one each. */
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

function linesOf({ text }: Source): number {
  return text.trimEnd().split('\n').length
}
