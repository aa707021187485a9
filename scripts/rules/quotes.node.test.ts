import { describe, expect, test } from 'vitest'
import { findQuotes, shownPart, withoutQuotes } from './quotes.ts'

const page = `# Title

<!-- file: recipes/a.ts -->
\`\`\`ts
const a = 1
\`\`\`

\`\`\`ts
const b = 2
\`\`\`
`

describe('a block that shows a file', () => {
  test('is found with the file and the line', () => {
    const quotes = [{ file: 'recipes/a.ts', code: 'const a = 1\n', line: 3 }]
    expect(findQuotes(page)).toEqual(quotes)
  })

  test('is blanked, and no other line moves', () => {
    const lines = withoutQuotes(page).split('\n')
    expect(lines.length).toBe(page.split('\n').length)
    expect(lines.filter((line) => line !== '')).toEqual(['# Title', '```ts', 'const b = 2', '```'])
  })

  test('shows the region of the file, or all of it', () => {
    expect(shownPart('// #region recipe\nconst a = 1\n// #endregion\n\nrest()\n')).toBe(
      'const a = 1\n',
    )
    expect(shownPart('const a = 1\n')).toBe('const a = 1\n')
  })

  test('shows a region that stands further in as if it did not', () => {
    const source = 'f({\n  // #region recipe\n  a: {\n    b: 1,\n  },\n  // #endregion\n})\n'
    expect(shownPart(source)).toBe('a: {\n  b: 1,\n},\n')
  })
})
