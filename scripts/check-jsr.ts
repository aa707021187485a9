// Every package could be published on JSR: its public types need no inference, its manifest names its entries.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findFiles } from './files.ts'
import { finish } from './problems.ts'
import { capture, root } from './run.ts'

const manifests = findFiles('packages/*/jsr.json')
const problems: string[] = []

for (const manifest of manifests) {
  const folder = dirname(manifest)
  const { exports: entries } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  const { exports: published } = JSON.parse(readFileSync(join(root, manifest), 'utf8'))
  const same = JSON.stringify(entries) === JSON.stringify(published)
  if (!same) problems.push(`${manifest}: its exports are not those of package.json`)
  problems.push(...(await tryToPublish(folder)))
}

finish(problems, `${manifests.length} packages are fit for JSR`)

async function tryToPublish(folder: string): Promise<string[]> {
  const args = ['publish', '--dry-run', '--allow-dirty', '--no-check']
  const { code, output } = await capture('deno', args, {
    cwd: join(root, folder),
    env: { DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' },
  })
  return code === 0 ? [] : [`${folder}:\n${output.trim()}`]
}
