// Every cast has its reason beside it, and nothing silences the compiler. `any` and `!` are left to the linter.
import { writtenSources } from './files.ts'
import { finish } from './problems.ts'
import { checkCasts, checkSilencers } from './rules/casts.ts'
import { readSource } from './syntax.ts'

const sources = writtenSources().map(readSource)
const problems = sources.flatMap((source) => [...checkCasts(source), ...checkSilencers(source)])

finish(problems, `${sources.length} files without an unexplained cast`)
