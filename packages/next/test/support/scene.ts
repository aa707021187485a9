import { type App, type CookieJar, type FakeProvider, signedInJar } from '@fetch-dance/testing'
import { type Listening, listeningFake } from '../../../testing/test/support/over-http.ts'
import type { dances as Dances } from '../fixture/dances.ts'
import { addGuide } from './guide.ts'
import { listeningKv } from './listening-kv.ts'
import { type NextApp, startNextApp } from './next-app.ts'

/** Nothing listens there: the app is asked for this host, as it is behind a proxy that ends TLS. */
export const origin = 'https://app.test'

/** One app for all suites, and what it talks to. */
export interface Scene {
  readonly app: App
  /** Other processes that serve the same build. */
  readonly others: readonly App[]
  readonly port: number
  readonly fake: FakeProvider
  /** The provider of the README's app, at GitHub's addresses. */
  readonly github: FakeProvider
  /** A browser that is connected already. */
  connected(kind: keyof typeof Dances, o?: { stale?: boolean }): Promise<CookieJar>
  output(): string
  close(): Promise<void>
}

/** Builds the fixture with the README's app in it, and starts it: once, or in several instances. */
export async function openScene({ instances = 1, slashes = false } = {}): Promise<Scene> {
  const provider = await listeningFake({ rotation: 'strict' })
  const github = await listeningGitHub()
  const kv = await listeningKv()
  const variables = {
    FAKE_ISSUER: provider.url,
    KV_URL: kv.url,
    GITHUB_URL: github.url,
    SLASHES: slashes ? 'yes' : 'no',
    NODE_OPTIONS: `--import ${new URL('github-elsewhere.mjs', import.meta.url)}`,
    DANCE_SECRET: 'hZ3v1mWq0sJt8yLk5dXcB2nRfPg7aUeTiOoV9wMxSjY',
    GITHUB_OAUTH_CLIENT_ID: 'client',
    GITHUB_OAUTH_CLIENT_SECRET: 'swordfish',
  }
  let next: NextApp | undefined
  const close = async () => {
    await next?.stop()
    await Promise.all([provider.close(), github.close(), kv.close()])
  }
  try {
    next = await startNextApp(variables, addGuide, instances)
  } catch (error) {
    await close()
    throw error
  }
  // the fixture's own dances, here: with the same secret, and the same store
  const { NODE_OPTIONS: _only, ...own } = variables
  Object.assign(process.env, own)
  const { dances } = await import('../fixture/dances.ts')
  const { served: fake } = provider
  return {
    ...next,
    fake,
    github: github.served,
    connected(kind, { stale = false } = {}) {
      const token = fake.issueToken()
      return signedInJar(dances[kind], 'fake', stale ? { ...token, expiresAt: 1 } : token, {
        origin,
      })
    },
    close,
  }
}

function listeningGitHub(): Promise<Listening<FakeProvider>> {
  const issuer = 'https://github.com/login/oauth'
  return listeningFake({
    issuer,
    clientId: 'client',
    clientSecret: 'swordfish',
    clientAuth: 'post',
  })
}
