// Every cast has its reason beside it, and nothing silences the compiler outside of type tests. `any` and `!`
// are left to the linter.
import { writtenSources } from './files.ts'
import { finish } from './problems.ts'
import { childAt, readSource, type Source, type SyntaxNode, textAt, walk } from './syntax.ts'

const sources = writtenSources().map(readSource)

finish(
  sources.flatMap((source) => [...checkCasts(source), ...checkSilencers(source)]),
  `${sources.length} files without an unexplained cast`,
)

function checkCasts(source: Source): string[] {
  const problems: string[] = []
  walk(source.program, (node) => {
    if (!isCast(node) || hasReason(source, node)) return
    problems.push(`${source.path}:${source.lineAt(node.end)}: a cast without a reason beside it`)
  })
  return problems
}

/** `x as T` and `<T>x`, but not `as const`. */
function isCast(node: SyntaxNode): boolean {
  if (!/^TS(As|TypeAssertion)/.test(node.type)) return false
  const type = childAt(node, 'typeAnnotation')
  const name = type && childAt(type, 'typeName')
  return textAt(name, 'name') !== 'const'
}

/** A comment on a line of the cast or on the line above; a doc comment explains something else. */
function hasReason({ comments, lineAt, text }: Source, node: SyntaxNode): boolean {
  const first = lineAt(node.start) - 1
  const last = lineAt(node.end)
  return comments.some(({ start, end, value }) => {
    const isDoc =
      text.startsWith('/**', start) || /^\s*([@#]__PURE__|biome-ignore|@ts-)/.test(value)
    return !isDoc && lineAt(end) >= first && lineAt(start) <= last
  })
}

function checkSilencers(source: Source): string[] {
  const isTypeTest = source.path.endsWith('.test-d.ts')
  const silencer = isTypeTest ? /@ts-(ignore|nocheck)/ : /@ts-(ignore|nocheck|expect-error)/
  const found = source.comments.filter(({ value }) => silencer.test(value))
  return found.map(
    ({ start }) => `${source.path}:${source.lineAt(start)}: the compiler is silenced`,
  )
}
