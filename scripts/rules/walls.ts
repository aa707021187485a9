/** What the sources of a package may import besides their own files. */
export interface Walls {
  /** Whole specifiers, or prefixes that end with a slash. */
  readonly imports: readonly string[]
  /** Imports that only some files of the package may have: specifier to path prefixes below src. */
  readonly only?: Readonly<Record<string, readonly string[]>>
}

/** The walls of every package. Tests and apps stand outside of them. */
export const walls: Readonly<Record<string, Walls>> = {
  core: {
    imports: [],
    only: {
      oauth4webapi: ['protocol/'],
      'iron-webcrypto': ['seal.ts'],
      'node:async_hooks': ['dance-context.ts'],
      valibot: ['option-shapes.ts', 'record-shapes.ts'],
    },
  },
  providers: { imports: ['fetch-dance'] },
  storages: {
    imports: ['fetch-dance', 'fetch-dance/'],
    only: {
      'drizzle-orm': ['drizzle.ts', 'drizzle/'],
      'drizzle-orm/mysql-core/columns/custom': ['drizzle/columns.ts'],
      'drizzle-orm/pg-core/columns/custom': ['drizzle/columns.ts'],
      'drizzle-orm/sqlite-core/columns/custom': ['drizzle/columns.ts'],
    },
  },
  testing: { imports: ['fetch-dance', 'jose'], only: { vitest: ['describe-', 'storage-suite/'] } },
  hono: { imports: ['fetch-dance', 'hono', 'hono/'] },
  next: { imports: ['fetch-dance', 'next/', 'react'] },
  workers: { imports: ['fetch-dance', 'cloudflare:workers'] },
  // decisions/009-deno-brings-its-storage.md
  deno: { imports: ['fetch-dance', '@fetch-dance/storages/deno-kv'] },
}

/** Names that core must not touch: it runs where they do not exist, or they are not safe. */
export const forbiddenInCore: readonly string[] = [
  'process',
  'Buffer',
  'global',
  'require',
  'module',
  '__dirname',
  '__filename',
  'setImmediate',
  'Deno',
  'Bun',
  'globalThis.__env__',
  'Response.redirect',
  'Math.random',
]
