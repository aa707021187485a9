import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** The files of the README's first app, by path: each block follows the line that names it. */
export async function readGuide(): Promise<Map<string, string>> {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const blocks = readme.matchAll(/^`([^`\n]+\.tsx?)`[^\n]*\n\n```tsx?\n([\s\S]*?)^```/gm)
  return new Map([...blocks].map(([, path = '', code = '']) => [path, code]))
}

/** Puts them into an app's folder. */
export async function addGuide(folder: string): Promise<void> {
  const guide = await readGuide()
  // and once more where there is little of Node
  const page = guide.get('app/repos/page.tsx') ?? ''
  guide.set('app/edge-repos/page.tsx', `${page}\nexport const runtime = 'edge'\n`)
  for (const [path, code] of guide) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), code)
  }
}
