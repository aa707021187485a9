// Compiles every TypeScript block of the documents and every example of a doc comment against the packages.
// A block after the line "<!-- continues -->" goes on where the block before it ended. One after "<!-- file: PATH -->"
// shows that file, and is compiled where the file stands.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findFiles, publishedSources } from './files.ts'
import { finish } from './problems.ts'
import { findQuotes, shownPart, withoutQuotes } from './rules/quotes.ts'
import { capture, root } from './run.ts'
import { readSource } from './syntax.ts'

interface Snippet {
  /** Where it stands: PATH:LINE. */
  readonly place: string
  readonly code: string
  readonly extension: string
}

const folder = join(root, '.cache', 'snippets')
const documents = findFiles('*.md', 'docs/**/*.md', 'decisions/*.md', '{packages,apps}/**/*.md')
const snippets = [...documents.flatMap(fromDocument), ...publishedSources().flatMap(fromComments)]

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
for (const snippet of snippets) {
  writeFileSync(join(folder, fileName(snippet)), `${snippet.code}\nexport {}\n`)
}
writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig()))

const { code, output } = await capture('tsc', ['--noEmit', '-p', folder])
const problems = [...(code === 0 ? [] : [withPlaces(output)]), ...documents.flatMap(wrongQuotes)]
finish(problems, `${snippets.length} examples compile`)

function fromDocument(path: string): Snippet[] {
  const found: Snippet[] = []
  const text = withoutQuotes(readFileSync(join(root, path), 'utf8'))
  const block = /(<!-- continues -->\s*)?^```(tsx?|jsx?|typescript)\n([\s\S]*?)^```/gm
  for (const { 1: continues, 2: extension = 'ts', 3: code = '', index } of text.matchAll(block)) {
    const before = continues ? found.at(-1) : undefined
    const place = `${path}:${text.slice(0, index).split('\n').length}`
    const joined = before ? `${before.code}\n${code}` : code
    found.push({ place, code: joined, extension: extension.endsWith('x') ? 'tsx' : 'ts' })
  }
  return found
}

function wrongQuotes(path: string): string[] {
  const quotes = findQuotes(readFileSync(join(root, path), 'utf8'))
  const wrong = quotes.filter(({ file, code }) => {
    const source = readFileSync(join(root, dirname(path), file), 'utf8')
    return shownPart(source) !== code
  })
  return wrong.map(({ file, line }) => `${path}:${line}: differs from ${file}`)
}

function fromComments(path: string): Snippet[] {
  const source = readSource(path)
  return source.comments.flatMap(({ value, start }) => {
    const text = value.replace(/^[ \t]*\* ?/gm, '')
    return [...text.matchAll(/^```tsx?\n([\s\S]*?)^```/gm)].map(({ 1: code = '' }) => ({
      place: `${path}:${source.lineAt(start)}`,
      code,
      extension: 'ts',
    }))
  })
}

function fileName({ place, extension }: Snippet): string {
  return `${place.replaceAll(/[/:]/g, '+')}.${extension}`
}

function withPlaces(text: string): string {
  return snippets.reduce((all, one) => all.replaceAll(fileName(one), `${one.place} `), text.trim())
}

function tsconfig(): object {
  const compilerOptions = {
    types: ['node', 'react'],
    jsx: 'preserve',
    declaration: false,
    isolatedDeclarations: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
  }
  const extended = '../../tsconfig.base.json'
  return { extends: extended, compilerOptions, include: ['.', '../../scripts/*.d.ts'] }
}
