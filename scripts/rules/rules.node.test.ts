import { describe, expect, test } from 'vitest'
import { parseSource } from '../syntax.ts'
import { checkCasts, checkSilencers } from './casts.ts'
import { checkGlobals, checkProviderNames } from './core-names.ts'
import { checkImportTime } from './import-time.ts'
import { checkApp, checkImports, findCycles } from './imports.ts'
import { checkAdapters, checkFile, checkFunctions, checkPreset } from './limits.ts'
import { checkReadingOrder, findGhosts } from './reading-order.ts'

const inCore = (code: string, file = 'dance.ts') => parseSource(`packages/core/src/${file}`, code)
const lines = (count: number) => 'let a = 1\n'.repeat(count)

describe('walls', () => {
  test.each([
    ['dance.ts', "import 'node:fs'"],
    ['dance.ts', "import 'oauth4webapi'"],
    ['protocol/oauth2.ts', "import { seal } from 'iron-webcrypto'"],
    ['dance.ts', "import type { Kv } from '../../testing/src/index.ts'"],
    ['dance.ts', "export * from './options'"],
    ['dance.ts', "const late = () => import('jose')"],
  ])('checkImports() refuses in core %s: %s', (file, code) => {
    expect(checkImports(inCore(code, file))).toHaveLength(1)
  })

  test('checkImports() lets the one importer of a library have it', () => {
    expect(checkImports(inCore("import * as o from 'oauth4webapi'", 'protocol/oauth2.ts'))).toEqual(
      [],
    )
    expect(checkImports(inCore("import { seal } from 'iron-webcrypto'", 'seal.ts'))).toEqual([])
  })

  test('checkImports() keeps the testing package out of an adapter', () => {
    const path = 'packages/hono/src/index.ts'
    expect(checkImports(parseSource(path, "import '@fetch-dance/testing'"))).toHaveLength(1)
    expect(checkImports(parseSource(path, "import 'hono/factory'\nimport 'fetch-dance'"))).toEqual(
      [],
    )
  })

  test('checkImports() lets the adapter for Deno have the storage of Deno, and no other', () => {
    const path = 'packages/deno/src/index.ts'
    const check = (entry: string) =>
      checkImports(parseSource(path, `import '@fetch-dance/storages/${entry}'`))
    expect(check('deno-kv')).toEqual([])
    expect(check('redis')).toHaveLength(1)
  })

  test('checkApp() keeps the testing package out of a running app', () => {
    const path = 'apps/demo/src/app.ts'
    expect(checkApp(parseSource(path, "import '@fetch-dance/testing'"))).toHaveLength(1)
    expect(checkApp(parseSource(path, "import 'oidc-provider'"))).toEqual([])
  })

  test('findCycles() sees a file that imports itself through another', () => {
    const one = inCore("import './b.ts'", 'a.ts')
    const other = inCore("import type { A } from './a.ts'", 'b.ts')
    expect(findCycles([one, other])).toHaveLength(1)
    expect(findCycles([one, inCore('', 'b.ts')])).toEqual([])
  })

  test('checkReadingOrder() refuses what stands above, a step in a step and a file without a place', () => {
    const order = ['dance', 'steps/login', 'steps/callback', 'flow']
    const check = (file: string, code: string) => checkReadingOrder(inCore(code, file), order)
    expect(check('flow.ts', "import './dance.ts'")).toHaveLength(1)
    expect(check('steps/login.ts', "import './callback.ts'")).toHaveLength(1)
    expect(check('strange.ts', '')).toHaveLength(1)
    expect(check('steps/login.ts', "import '../flow.ts'")).toEqual([])
    expect(findGhosts(['packages/core/src/dance.ts'], ['dance', 'gone'])).toHaveLength(1)
  })
})

describe('core', () => {
  test.each([
    'process.env',
    'Buffer.from("")',
    'Math.random()',
    'Response.redirect("/")',
    'f({ process })',
  ])('checkGlobals() refuses %s', (code) => {
    expect(checkGlobals(inCore(`const f = () => ${code}`))).toHaveLength(1)
  })

  test('checkGlobals() leaves members, keys and types of these names alone', () => {
    const code =
      'interface Q { process: 1 }\nconst f = (q: Q) => ({ process: q.process, Buffer: 1 })'
    expect(checkGlobals(inCore(code))).toEqual([])
  })

  test('checkProviderNames() refuses flow code that names a provider', () => {
    const source = inCore("const f = (id: string) => id === 'github'")
    expect(checkProviderNames(source, ['github'])).toHaveLength(1)
  })

  test.each([
    'let count = 0',
    'const seen = new Map<string, number>()',
    'export const key = derive()',
    'const text = await load()',
    'install()',
    'if (true) install()',
  ])('checkImportTime() refuses %s', (code) => {
    expect(checkImportTime(inCore(code))).toHaveLength(1)
  })

  test('checkImportTime() accepts functions, data and what is marked as pure', () => {
    const code = `
      const names = ['a']
      const codes = /* @__PURE__ */ new Set(['a'])
      export const run = () => new Map()
      export async function load() { await run() }
    `
    expect(checkImportTime(inCore(code))).toEqual([])
  })
})

describe('casts', () => {
  test('checkCasts() wants a reason beside each cast', () => {
    expect(checkCasts(inCore('const a = b as string'))).toHaveLength(1)
    expect(checkCasts(inCore('/** What a is. */\nconst a = b as string'))).toHaveLength(1)
    expect(checkCasts(inCore('// checked above\n\nconst a = b as string'))).toHaveLength(1)
    expect(checkCasts(inCore('const a = b as string // checked above'))).toEqual([])
    expect(checkCasts(inCore('// checked above\nconst a = b as string'))).toEqual([])
    expect(checkCasts(inCore("const a = ['x'] as const"))).toEqual([])
  })

  test('checkSilencers() lets only a type test expect an error', () => {
    const code = '// @ts-expect-error misuse\nf()'
    expect(checkSilencers(inCore(code))).toHaveLength(1)
    expect(checkSilencers(inCore(code, 'dance.test-d.ts'))).toEqual([])
    expect(checkSilencers(inCore('// @ts-ignore\nf()', 'dance.test-d.ts'))).toHaveLength(1)
  })
})

describe('limits', () => {
  test('checkFile() allows 200 lines, more with a reason on line 1, and 60 to a preset', () => {
    expect(checkFile(inCore(lines(200)))).toEqual([])
    expect(checkFile(inCore(lines(201)))).toHaveLength(1)
    expect(checkFile(inCore(`// Longer than 200 lines: one long table\n${lines(201)}`))).toEqual([])
    expect(checkFile(parseSource('packages/providers/src/x.ts', lines(61)))).toHaveLength(1)
  })

  test('checkFunctions() counts the functions inside a function on their own', () => {
    expect(checkFunctions(inCore(`function f() {\n${lines(49)}}`))).toHaveLength(1)
    expect(checkFunctions(inCore(`function f() {\n${lines(48)}}`))).toEqual([])
    const inner = `const g = () => {\n${lines(40)}}\n`
    expect(checkFunctions(inCore(`function f() {\n${inner.repeat(3)}}`))).toEqual([])
  })

  test('checkPreset() wants the name of the file as id', () => {
    const path = 'packages/providers/src/x.ts'
    expect(checkPreset(parseSource(path, "f({ id: 'y' })"))).toHaveLength(1)
    expect(checkPreset(parseSource(path, "f({ id: 'x' })"))).toEqual([])
  })

  test('checkAdapters() adds up the files of an adapter', () => {
    const one = parseSource('packages/hono/src/index.ts', lines(60))
    const other = parseSource('packages/hono/src/other.ts', lines(41))
    expect(checkAdapters([one])).toEqual([])
    expect(checkAdapters([one, other])).toHaveLength(1)
  })
})
