import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { describeKv, describeTokenStorage } from '@fetch-dance/testing'
import type { Kv } from 'fetch-dance'
import { kvStorage } from 'fetch-dance/kv-storage'
import { afterAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const readme = await readFile(join(root, 'packages/core/README.md'), 'utf8')
const blocks = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = '']) => code)
const example = blocks.find((code) => code.includes('function sqliteKv')) ?? ''

await mkdir(join(root, '.cache'), { recursive: true })
const folder = await mkdtemp(join(root, '.cache', 'kv-'))
await writeFile(join(folder, 'sqlite-kv.ts'), example)
// What the README shows is what is loaded.
const loaded = (await import(pathToFileURL(join(folder, 'sqlite-kv.ts')).href)) as {
  sqliteKv(file: string): Kv
}
let files = 0

afterAll(() => rm(folder, { recursive: true, force: true }))

/** Two connections to one new file. */
function openTwo(): Kv[] {
  files += 1
  const file = join(folder, `${files}.db`)
  return [loaded.sqliteKv(file), loaded.sqliteKv(file)]
}

test('a storage of one’s own is a Kv of four methods, and a page of code', () => {
  expect(example.trimEnd().split('\n').length).toBeLessThanOrEqual(50)
})

describeKv('the Kv of the README, two of them over one file', openTwo, { describe, test })
describeTokenStorage(
  'kvStorage over the Kv of the README, two of them over one file',
  () => openTwo().map((kv) => kvStorage(kv)),
  { describe, test },
)
