// How long files, functions, presets and adapters may be.
import { publishedSources, writtenSources } from './files.ts'
import { finish } from './problems.ts'
import { checkAdapters, checkFile, checkFunctions, checkPreset } from './rules/limits.ts'
import { readSource } from './syntax.ts'

const sources = writtenSources().map(readSource)
const published = publishedSources().map(readSource)
const problems = [
  ...sources.flatMap((source) => [...checkFile(source), ...checkFunctions(source)]),
  ...published.flatMap(checkPreset),
  ...checkAdapters(published),
]

finish(problems, `${sources.length} files within their limits`)
