import type { DemoEnv, DemoProviders } from './types.ts'

/** One thing to ask a service's API for. */
export interface ApiCall {
  readonly path: string
  readonly label: string
  /** The scope that this call needs beyond those of the first login. */
  readonly scope?: string
}

/** A provider as the page presents it. */
export interface Service {
  readonly name: keyof DemoProviders
  readonly title: string
  readonly about: string
  readonly calls: { readonly me: ApiCall; readonly more: ApiCall }
  /** Life of an access token where it is known. */
  readonly tokenSeconds?: number
  /** Where people see, and can take back, what they allowed. */
  readonly accountURL: string
}

/** Lantern always; GitHub where an OAuth app of it is configured. */
export function offeredServices(env: DemoEnv): readonly Service[] {
  const withGitHub = env.GITHUB_OAUTH_CLIENT_ID && env.GITHUB_OAUTH_CLIENT_SECRET
  return withGitHub ? [lanternService(env), githubService] : [lanternService(env)]
}

function lanternService(env: DemoEnv): Service {
  return {
    name: 'lantern',
    title: 'Lantern',
    about: 'A real OpenID provider with a small API, running on this machine. Any name signs in.',
    calls: {
      me: { path: '/me', label: 'Ask who I am' },
      more: { path: '/notes', label: 'Read my notes', scope: 'notes' },
    },
    tokenSeconds: Number(env.DEMO_TOKEN_SECONDS ?? 60),
    accountURL: env.LANTERN_ISSUER,
  }
}

const githubService: Service = {
  name: 'github',
  title: 'GitHub',
  about: 'Your own GitHub account, through the OAuth app that you configured.',
  calls: {
    me: { path: '/user', label: 'Ask who I am' },
    more: { path: '/gists?per_page=3', label: 'Read my gists', scope: 'gist' },
  },
  accountURL: 'https://github.com/settings/applications',
}
