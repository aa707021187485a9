import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { schema } from '@fetch-dance/storages/d1'
import type { WorkerOptions } from 'miniflare'
import { expect, test } from 'vitest'
import { bundle, workerSettings } from './support/bundle.ts'
import { connectIn, loginIn } from './support/workers-app.ts'

/** What the guides have in their wrangler.jsonc. */
interface WranglerConfig {
  readonly kv_namespaces: readonly { binding: string; id: string }[]
  readonly d1_databases: readonly { binding: string; database_id: string }[]
  readonly durable_objects: { bindings: readonly { name: string; class_name: string }[] }
  readonly migrations: readonly { new_sqlite_classes: readonly string[] }[]
}

const serve =
  "import { serveApp } from './fixture/serve-app.ts'\nexport default serveApp(() => storage)"
const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')

/** The guides for Workers, each known by words in it. */
const guides = {
  durableObject: 'durableObject(env.DANCE)',
  cloudflareKv: 'cloudflareKv(env.TOKENS)',
  'cloudflareKv with a coordinator': 'coordinator: kv(env.DANCE)',
  d1: 'storage = d1(env.DB)',
  'withCache with an LRU cache': 'new LRUCache',
  'withCache with a shared cache': 'env.TOKENS.put',
}

for (const [name, words] of Object.entries(guides)) {
  test(`the guide to ${name} is enough for a whole dance in two Workers`, async () => {
    const app = await connectIn(await workersOf(words))
    expect(await loginIn(await app.look('two'))).toBe('octocat')
    app.later(3600)
    expect(await app.lookOften()).toEqual(Array(20).fill('octocat'))
    if (name !== 'cloudflareKv') expect(app.fake.tokenRequests.length).toBe(2)
    await app.disconnect()
    expect((await app.look('one')).status).toBe(302)
  })
}

test('the table in the guide to d1 is the schema', () => {
  expect(blocks('sql')).toEqual([schema.map((statement) => `${statement};\n`).join('')])
})

/** Two Workers with the code of a guide, and what all guides have in their wrangler.jsonc. */
async function workersOf(words: string): Promise<WorkerOptions[]> {
  const code = blocks('ts').find((block) => block.includes(words))
  if (code === undefined) throw new Error(`The README has no lines with "${words}"`)
  const script = await bundle({
    stdin: {
      contents: `${code}\n${serve}`,
      loader: 'ts',
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
  })
  const config: WranglerConfig = Object.assign({}, ...blocks('jsonc').map((one) => JSON.parse(one)))
  const common = { ...workerSettings, ...storesOf(config), script }
  if (!code.includes('export { DanceStorage }')) {
    return ['one', 'two'].map((name) => ({ ...common, name }))
  }
  return ['one', 'two'].map((name) => ({
    ...common,
    name,
    durableObjects: objectsOf(config, name),
  }))
}

function storesOf({ kv_namespaces, d1_databases }: WranglerConfig) {
  return {
    kvNamespaces: Object.fromEntries(kv_namespaces.map((one) => [one.binding, one.id])),
    d1Databases: Object.fromEntries(d1_databases.map((one) => [one.binding, one.database_id])),
  }
}

/** The objects are those of the first Worker. */
function objectsOf({ durable_objects, migrations }: WranglerConfig, name: string) {
  const sqlite = migrations.flatMap((one) => one.new_sqlite_classes)
  return Object.fromEntries(
    durable_objects.bindings.map(({ name: binding, class_name: className }) => {
      const object = { className, useSQLite: sqlite.includes(className) }
      return [binding, name === 'one' ? object : { ...object, scriptName: 'one' }]
    }),
  )
}

function blocks(language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm')
  return [...readme.matchAll(fence)].map(([, code = '']) => code)
}
