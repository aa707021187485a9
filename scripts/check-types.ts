// Compiles every package and app under its own tsconfig; core's sources also without Node's types.
import { findFiles } from './files.ts'
import { finish } from './problems.ts'
import { capture } from './run.ts'

const projects = [
  ...findFiles('{packages,apps,apps/examples}/*/tsconfig*.json'),
  'scripts/tsconfig.json',
]
const problems: string[] = []

for (const project of projects) {
  const { code, output } = await capture('tsc', ['--noEmit', '-p', project])
  if (code !== 0) problems.push(`${project}:\n${output.trim()}`)
}

finish(problems, `${projects.length} projects compile`)
