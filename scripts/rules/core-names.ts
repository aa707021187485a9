import { childAt, type Source, type SyntaxNode, textAt, walk } from '../syntax.ts'
import { forbiddenInCore } from './walls.ts'

/** That core touches web globals only. */
export function checkGlobals(source: Source): string[] {
  const problems: string[] = []
  walk(source.program, (node, parents) => {
    const name = node.type === 'MemberExpression' ? memberName(node) : freeName(node, parents)
    if (!name || !forbiddenInCore.includes(name)) return
    problems.push(`${source.path}:${source.lineAt(node.start)} uses ${name}`)
  })
  return problems
}

/** That no code of core names a provider: what differs between them is data in a preset. */
export function checkProviderNames(source: Source, providers: readonly string[]): string[] {
  const problems: string[] = []
  walk(source.program, (node) => {
    const value = node.type === 'Literal' ? textAt(node, 'value') : undefined
    if (!value || !providers.includes(value)) return
    problems.push(`${source.path}:${source.lineAt(node.start)} names the provider "${value}"`)
  })
  return problems
}

function memberName(node: SyntaxNode): string {
  const object = textAt(childAt(node, 'object'), 'name')
  return `${object}.${textAt(childAt(node, 'property'), 'name')}`
}

/** The name of an identifier that is a value, neither a member nor a key nor a type. */
function freeName(node: SyntaxNode, parents: readonly SyntaxNode[]): string | undefined {
  const parent = parents.at(-1)
  if (node.type !== 'Identifier' || !parent) return undefined
  if (/^TS.*(Type|Signature|Reference|Parameter)/.test(parent.type)) return undefined
  const isName = childAt(parent, 'property') === node || childAt(parent, 'key') === node
  return isName && parent.computed !== true ? undefined : textAt(node, 'name')
}
