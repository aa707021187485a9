// The programs of packages/core/contract, written against the public API, compile against the packages.
import { findFiles } from './files.ts'
import { finish } from './problems.ts'
import { capture } from './run.ts'

const folder = 'packages/core/contract'
const programs = findFiles(`${folder}/**/*.{ts,tsx}`)
const problems = programs.length > 0 ? [] : [`${folder}: no programs`]
// those for a runtime stand in a folder with its types
for (const project of findFiles(`${folder}/**/tsconfig.json`)) {
  const { code, output } = await capture('tsc', ['--noEmit', '-p', project])
  if (code !== 0) problems.push(output.trim())
}

finish(problems, `${programs.length} contract programs compile`)
