import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

/**
 * Loads a code block of this package's README as a module.
 *
 * @param words What the block is known by: the first one that holds it is taken.
 * @param variables The environment while it is loaded.
 */
export async function loadGuide<Module>(
  words: string,
  variables: Readonly<Record<string, string>>,
): Promise<Module> {
  const readme = await readFile(join(root, 'packages/storages/README.md'), 'utf8')
  const blocks = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = '']) => code)
  const code = blocks.find((block) => block.includes(words))
  if (code === undefined) throw new Error(`The README has no lines with "${words}"`)
  const cache = join(root, '.cache')
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'guide-'))
  const before = { ...process.env }
  try {
    await writeFile(join(folder, 'guide.ts'), code)
    Object.assign(process.env, variables)
    return await import(pathToFileURL(join(folder, 'guide.ts')).href)
  } finally {
    process.env = before
    await rm(folder, { recursive: true, force: true })
  }
}
