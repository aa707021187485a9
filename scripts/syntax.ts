import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync, visitorKeys } from 'oxc-parser'
import { root } from './run.ts'

/** A node of the syntax tree, with what the checks read of it. */
export interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

export interface Comment {
  readonly type: 'Line' | 'Block'
  readonly value: string
  readonly start: number
  readonly end: number
}

/** A parsed source file. */
export interface Source {
  /** Relative to the workspace. */
  readonly path: string
  readonly text: string
  readonly program: SyntaxNode
  readonly comments: readonly Comment[]
  /** The line, from 1, of an offset. */
  lineAt(offset: number): number
}

/** Reads and parses one file of the workspace. */
export function readSource(path: string): Source {
  return parseSource(path, readFileSync(join(root, path), 'utf8'))
}

/** Parses a text as if it stood at a path. */
export function parseSource(path: string, text: string): Source {
  const { program, comments, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`Cannot parse ${path}: ${errors[0]?.message}`)
  const starts = [0]
  for (const { index } of text.matchAll(/\n/g)) starts.push(index + 1)
  const lineAt = (offset: number) => starts.filter((start) => start <= offset).length
  return { path, text, program: asNode(program), comments, lineAt }
}

/** Calls back for every node below and including one, parents first. */
export function walk(
  node: SyntaxNode,
  visit: (node: SyntaxNode, parents: readonly SyntaxNode[]) => void,
  parents: readonly SyntaxNode[] = [],
): void {
  visit(node, parents)
  for (const child of childrenOf(node)) walk(child, visit, [...parents, node])
}

/** The nodes directly below one. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  return (visitorKeys[node.type] ?? []).flatMap((key) => [node[key]].flat()).filter(isNode)
}

/** A member of a node that is a node itself. */
export function childAt(node: SyntaxNode, key: string): SyntaxNode | undefined {
  const child = node[key]
  return isNode(child) ? child : undefined
}

/** A member of a node that is a text: the name of an identifier, the value of a string. */
export function textAt(node: SyntaxNode | undefined, key: string): string | undefined {
  const text = node?.[key]
  return typeof text === 'string' ? text : undefined
}

export function isFunction(node: SyntaxNode): boolean {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)
}

/** Every module a file names: `import`, `export … from`, `import()` and types. */
export function importsOf({ program }: Source): { specifier: string; node: SyntaxNode }[] {
  const found: { specifier: string; node: SyntaxNode }[] = []
  walk(program, (node) => {
    if (!/^(Import|Export|TSImportType)/.test(node.type)) return
    const specifier = textAt(childAt(node, 'source'), 'value')
    if (specifier !== undefined) found.push({ specifier, node })
  })
  return found
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

function asNode(value: unknown): SyntaxNode {
  if (isNode(value)) return value
  throw new Error('Cannot read the syntax tree: it is not a node')
}
