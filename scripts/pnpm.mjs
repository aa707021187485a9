// Which pnpm to call: the one on PATH when its major version fits, else the pinned one through npx.
// Plain JavaScript: go.mjs needs it before anything is installed.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const manifest = new URL('../package.json', import.meta.url)

/** @returns {string[]} the command and its first arguments */
export function pnpmCommand() {
  const pin = JSON.parse(readFileSync(manifest, 'utf8')).packageManager
  const major = pin.slice('pnpm@'.length).split('.')[0]
  const shell = process.platform === 'win32'
  const found = spawnSync('pnpm', ['--version'], { encoding: 'utf8', shell })
  const fits = found.status === 0 && found.stdout.trim().split('.')[0] === major
  return fits ? ['pnpm'] : ['npx', '-y', pin]
}
