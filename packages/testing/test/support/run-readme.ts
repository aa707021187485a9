import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type FakeProvider, fakeProvider } from '@fetch-dance/testing'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

/** The first TypeScript block of a document, named by its path from the workspace's root. */
export async function firstExample(document: string): Promise<string> {
  const text = await readFile(join(root, document), 'utf8')
  return /^```ts\n([\s\S]*?)^```/m.exec(text)?.[1] ?? ''
}

/** An example that runs, until it is stopped. */
export interface RunningExample {
  /** What it exports as its default. */
  readonly exported: { fetch(request: Request): Response | Promise<Response> }
  readonly github: FakeProvider
  stop(): Promise<void>
}

/**
 * Loads an example as a module within a package's folder, with nothing else changed than the network, which leads to a
 * fake provider at GitHub's addresses, and the environment.
 */
export async function runExample(example: string, folder: string): Promise<RunningExample> {
  const github = fakeProvider({
    issuer: 'https://github.com/login/oauth',
    clientId: 'client',
    clientSecret: 'swordfish',
    clientAuth: 'post',
  })
  const undo = [
    replaceFetch(github),
    setVariables({
      DANCE_ORIGIN: undefined,
      DANCE_SECRET: 'hZ3v1mWq0sJt8yLk5dXcB2nRfPg7aUeTiOoV9wMxSjY',
      GITHUB_OAUTH_CLIENT_ID: 'client',
      GITHUB_OAUTH_CLIENT_SECRET: 'swordfish',
    }),
  ]
  const cache = join(root, folder, '.cache')
  await mkdir(cache, { recursive: true })
  const place = await mkdtemp(join(cache, 'readme-'))
  const stop = async () => {
    for (const one of undo.reverse()) one()
    await rm(place, { recursive: true, force: true })
  }
  try {
    await writeFile(join(place, 'app.ts'), example)
    const { default: exported } = await import(pathToFileURL(join(place, 'app.ts')).href)
    return { exported, github, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function replaceFetch(github: FakeProvider): () => void {
  const realFetch = globalThis.fetch
  globalThis.fetch = (input, init) => {
    const request = new Request(input, init)
    const url = request.url
      .replace('https://api.github.com/', `${github.issuer}/api/`)
      .replace(`${github.issuer}/access_token`, `${github.issuer}/token`)
    return github.fetch(new Request(url, request))
  }
  return () => {
    globalThis.fetch = realFetch
  }
}

function setVariables(variables: Readonly<Record<string, string | undefined>>): () => void {
  const change = (values: typeof variables) => {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
  const before = Object.keys(variables).map((name) => [name, process.env[name]])
  change(variables)
  return () => change(Object.fromEntries(before))
}
