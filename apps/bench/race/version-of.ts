import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'

/** The installed version of a package. */
export function versionOf(name: string): string {
  const manifest = findPackageJSON(name, import.meta.url)
  if (manifest === undefined) throw new Error(`Cannot find "${name}": it is not installed`)
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'))
  return version
}
