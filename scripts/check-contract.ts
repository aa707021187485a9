// The programs of packages/core/contract, written against the public API, compile against the packages.
import { findFiles } from './files.ts'
import { finish } from './problems.ts'
import { capture } from './run.ts'

const folder = 'packages/core/contract'
const programs = findFiles(`${folder}/*.{ts,tsx}`)
const { code, output } = await capture('tsc', ['--noEmit', '-p', folder])
const missing = programs.length > 0 ? [] : [`${folder}: no programs`]

finish(code === 0 ? missing : [output.trim()], `${programs.length} contract programs compile`)
