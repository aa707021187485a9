import { readdirSync } from 'node:fs'
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig, type TestProjectConfiguration } from 'vitest/config'
import { countReporter } from './scripts/count-reporter.ts'

// *.test.ts runs in every runtime, *.node.test.ts in Node and *.deno.test.ts in Deno alone, *.test-d.ts in the
// compiler alone.
const everywhere = ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts']
const oneRuntimeOnly = '**/*.{node,deno}.test.ts'
const ignored = ['**/node_modules/**', '**/dist/**']

export default defineConfig({
  test: {
    maxWorkers: '100%', // by default one processor is left for a person who watches
    reporters: ['default', countReporter(process.env.TEST_REPORT)],
    projects: [
      {
        test: {
          name: 'node',
          isolate: false, // files share their modules: core keeps nothing in one
          include: everywhere,
          exclude: [...ignored, oneRuntimeOnly],
        },
      },
      {
        test: {
          name: 'node-only',
          include: [
            'packages/*/{src,test}/**/*.node.test.ts',
            'packages/core/contract/*.test.ts',
            'scripts/**/*.node.test.ts',
          ],
          exclude: ignored,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'deno-only',
          include: ['packages/*/{src,test}/**/*.deno.test.ts'],
          exclude: ignored,
          testTimeout: 60_000,
        },
      },
      {
        plugins: [
          cloudflareTest({
            miniflare: { compatibilityDate: '2026-07-01', compatibilityFlags: ['nodejs_compat'] },
          }),
        ],
        test: { name: 'workerd', include: everywhere, exclude: [...ignored, oneRuntimeOnly] },
      },
      {
        test: {
          name: 'edge-runtime',
          environment: 'edge-runtime',
          isolate: false,
          include: everywhere,
          exclude: [...ignored, oneRuntimeOnly],
        },
      },
      {
        test: {
          name: 'built',
          include: ['packages/core/test-built/*.node.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['apps/demo/e2e/**/*.test.ts'],
          globalSetup: ['apps/demo/e2e/setup.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'examples',
          include: ['apps/examples/e2e/**/*.node.test.ts'],
          globalSetup: ['apps/demo/e2e/setup.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 300_000, // a build, on a machine that has more to do
        },
      },
      ...['frameworks', 'docs'].map((name) => ({
        test: {
          name,
          include: [`apps/${name}/**/*.node.test.ts`],
          exclude: ignored,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      })),
      ...typeProjects(),
    ],
  },
})

/** One project per package with type tests: each is compiled under the tsconfig of its package. */
function typeProjects(): TestProjectConfiguration[] {
  return readdirSync('packages')
    .filter(hasTypeTests)
    .map((name) => ({
      test: {
        name: `types-${name}`,
        include: [],
        typecheck: {
          enabled: true,
          only: true,
          include: [`packages/${name}/{src,test}/**/*.test-d.ts`],
          tsconfig: `packages/${name}/tsconfig.json`,
        },
      },
    }))
}

function hasTypeTests(name: string): boolean {
  return ['src', 'test'].some((folder) => {
    try {
      const files = readdirSync(`packages/${name}/${folder}`, { recursive: true })
      return files.some((file) => String(file).endsWith('.test-d.ts'))
    } catch {
      return false // The package has no such folder.
    }
  })
}
