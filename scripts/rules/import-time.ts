import { childrenOf, isFunction, type Source, type SyntaxNode, textAt } from '../syntax.ts'

/**
 * Nothing happens when a module is loaded, and no module keeps state: at its top there are no statements that
 * run, no `let`, no collections, and calls only where they are marked as pure.
 */
export function checkImportTime(source: Source): string[] {
  return childrenOf(source.program).flatMap((statement) => {
    const declared = statement.type.startsWith('Export') ? childrenOf(statement) : [statement]
    return declared.flatMap((node) => problemsOf(source, node))
  })
}

function problemsOf(source: Source, node: SyntaxNode): string[] {
  const at = `${source.path}:${source.lineAt(node.start)}`
  if (/^(Expression|If|For|While|Try|Block)/.test(node.type)) {
    return [`${at} runs when the module is loaded`]
  }
  if (node.type !== 'VariableDeclaration') return []
  if (node.kind !== 'const') return [`${at} is state of the module: ${textAt(node, 'kind')}`]
  return evaluated(node).flatMap((inner) => {
    const line = `${source.path}:${source.lineAt(inner.start)}`
    if (inner.type === 'AwaitExpression') return [`${line} awaits when the module is loaded`]
    if (isCollection(inner)) return [`${line} is state of the module: a collection`]
    return isMarkedPure(source, inner) ? [] : [`${line} calls something without /* @__PURE__ */`]
  })
}

/** The outermost calls, constructions and awaits that run when this node is evaluated. */
function evaluated(node: SyntaxNode): SyntaxNode[] {
  if (isFunction(node) || /^TS.*(Type|Signature|Annotation)/.test(node.type)) return []
  if (/^(Call|New|Await)Expression$/.test(node.type)) return [node]
  return childrenOf(node).flatMap(evaluated)
}

function isCollection(node: SyntaxNode): boolean {
  const [callee, ...values] = childrenOf(node)
  const name = node.type === 'NewExpression' ? textAt(callee, 'name') : undefined
  if (/^Weak(Map|Set)$/.test(name ?? '')) return true
  return /^(Map|Set)$/.test(name ?? '') && values.length === 0
}

function isMarkedPure(source: Source, node: SyntaxNode): boolean {
  const before = source.comments.filter((comment) => comment.end <= node.start).at(-1)
  if (!before || source.text.slice(before.end, node.start).trim() !== '') return false
  return /^\s*[@#]__PURE__\s*$/.test(before.value)
}
