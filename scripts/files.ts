import { globSync } from 'node:fs'
import { root } from './run.ts'

const ignored = /(^|\/)(node_modules|dist|\.(next|turbo|svelte-kit|astro|react-router|nitro))(\/|$)/

/** Files of the workspace that match one of the patterns, sorted, relative to its root. */
export function findFiles(...patterns: readonly string[]): string[] {
  const found = patterns.flatMap((pattern) =>
    globSync(pattern, { cwd: root, exclude: (path) => ignored.test(path) }),
  )
  return [...new Set(found)].filter((path) => !ignored.test(path)).sort()
}

/** The tests that run in every runtime. */
export function neutralTests(): string[] {
  const tests = findFiles('packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts')
  return tests.filter((path) => !/\.(node|deno)\.test\.ts$/.test(path))
}

/** The sources that are published: no tests. */
export function publishedSources(): string[] {
  const sources = findFiles('packages/*/src/**/*.{ts,tsx}')
  return sources.filter((path) => !/\.test(-d)?\.tsx?$/.test(path))
}

/** Everything written here in TypeScript or JavaScript, save the copied contract programs. */
export function writtenSources(): string[] {
  const all = findFiles('{packages,apps,scripts}/**/*.{ts,tsx,mjs,js}', '*.ts')
  return all.filter((path) => !path.startsWith('packages/core/contract/'))
}
