/** A block of a document that shows a file: the line before it says which. */
export interface Quote {
  /** The file, relative to the document. */
  readonly file: string
  readonly code: string
  /** The line of the document in which the block begins. */
  readonly line: number
}

const pattern = /^<!-- file: (\S+) -->\n```\w+\n([\s\S]*?)^```$/gm

/** The blocks of a document that show a file, each after a line `<!-- file: PATH -->`. */
export function findQuotes(text: string): Quote[] {
  return [...text.matchAll(pattern)].map(({ 1: file = '', 2: code = '', index }) => ({
    file,
    code,
    line: text.slice(0, index).split('\n').length,
  }))
}

/** The document without such blocks, every other line at its place. */
export function withoutQuotes(text: string): string {
  return text.replaceAll(pattern, (quote) => quote.replaceAll(/[^\n]/g, ''))
}

/** What a document shows of a file: what stands between `#region recipe` and `#endregion`, else the whole file. */
export function shownPart(source: string): string {
  const [, region] = /#region recipe[^\n]*\n([\s\S]*?)^[^\n]*#endregion/m.exec(source) ?? []
  return region === undefined ? source : withoutIndent(region)
}

function withoutIndent(text: string): string {
  const lines = text.split('\n')
  const indents = lines.filter((line) => line !== '').map((line) => line.search(/\S/))
  return lines.map((line) => line.slice(Math.min(...indents))).join('\n')
}
