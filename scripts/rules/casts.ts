import { childAt, type Source, type SyntaxNode, textAt, walk } from '../syntax.ts'

/** That every cast has its reason beside it. */
export function checkCasts(source: Source): string[] {
  const problems: string[] = []
  walk(source.program, (node) => {
    if (!isCast(node) || hasReason(source, node)) return
    problems.push(`${source.path}:${source.lineAt(node.end)}: a cast without a reason beside it`)
  })
  return problems
}

/** That nothing silences the compiler; a type test may expect an error. */
export function checkSilencers(source: Source): string[] {
  const isTypeTest = source.path.endsWith('.test-d.ts')
  const silencer = isTypeTest ? /@ts-(ignore|nocheck)/ : /@ts-(ignore|nocheck|expect-error)/
  const found = source.comments.filter(({ value }) => silencer.test(value))
  return found.map(({ start }) => `${source.path}:${source.lineAt(start)}: silences the compiler`)
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
    const isDoc = text.startsWith('/**', start)
    const isCommand = /^\s*([@#]__PURE__|biome-ignore|@ts-)/.test(value)
    return !isDoc && !isCommand && lineAt(end) >= first && lineAt(start) <= last
  })
}
