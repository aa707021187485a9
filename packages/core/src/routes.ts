import { invalidOption, unknownProvider } from './errors.ts'

/** The steps a route can lead to. */
export type Step = 'login' | 'callback' | 'logout' | 'connections' | 'connect'

/** Where a path leads. */
export interface Route {
  readonly step: Step
  /** Empty where the path names none: the connections of all, a link to connect. */
  readonly provider: string
}

/** The paths of one provider's routes. */
export interface ProviderPaths {
  readonly login: string
  readonly callback: string
  readonly logout: string
}

/** All routes of a dance: the way in and the way out. */
export interface Routes {
  /** What the path of a link to connect begins with. */
  readonly connect: string
  /** The route of a URL's path, compared as it stands: no decoding, no trailing slash, no second spelling. */
  match(url: string | URL): Route | undefined
  /** The paths of a configured provider. */
  paths(provider: string): ProviderPaths
}

/**
 * Lays out the routes: `basePath` with the defaults, unless `paths` (whole ones with `{provider}`) say otherwise.
 * Throws `option_invalid` for two routes on one path.
 */
export function createRoutes(o: {
  readonly providers: object
  readonly basePath: string
  readonly paths: Partial<ProviderPaths>
}): Routes {
  const base = o.basePath.replace(/\/+$/, '')
  const routes = new Map<string, Route>([
    [`${base}/connections`, { step: 'connections', provider: '' }],
  ])
  const pathsOf = new Map<string, ProviderPaths>()
  for (const provider of Object.keys(o.providers)) {
    const login = `${base}/${provider}`
    const paths = { login, callback: `${login}/callback`, logout: `${login}/logout` }
    pathsOf.set(provider, paths)
    for (const step of ['login', 'callback', 'logout'] as const) {
      paths[step] = o.paths[step]?.replaceAll('{provider}', provider) ?? paths[step]
      if (routes.has(paths[step])) {
        throw invalidOption(`paths.${step}`, 'another route has the same path')
      }
      routes.set(paths[step], { step, provider })
    }
  }
  const connect = `${base}/connect/`
  return {
    connect,
    match(url) {
      if (!URL.canParse(url)) return undefined // Bun takes the Host header as it comes
      const { pathname } = new URL(url)
      const isLink = pathname.startsWith(connect)
      return routes.get(pathname) ?? (isLink ? { step: 'connect', provider: '' } : undefined)
    },
    paths(provider) {
      const paths = pathsOf.get(provider)
      if (!paths) throw unknownProvider(provider)
      return paths
    },
  }
}
