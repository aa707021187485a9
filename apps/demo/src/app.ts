import { github } from '@fetch-dance/providers/github'
import { createDance, oidcProvider } from 'fetch-dance'
import { readAsset } from './assets.ts'
import { callService } from './call.ts'
import { createJournal } from './journal.ts'
import { answerHome } from './page/home.ts'
import { offeredServices } from './services.ts'
import type { DemoDance, DemoEnv } from './types.ts'
import { watchDance } from './watch.ts'

/** The demo app: a page, a call, a log, and the dance in front of them. */
export function createApp(env: DemoEnv): (request: Request) => Promise<Response> {
  const lantern = oidcProvider({
    id: 'lantern',
    issuer: env.LANTERN_ISSUER,
    apiBase: `${env.LANTERN_ISSUER}/api`,
    scopes: ['openid', 'profile'],
    optionalScopes: ['notes'],
  })
  const dance: DemoDance = createDance({
    providers: { lantern, github: github({ optionalScopes: ['gist'] }) },
    env,
    redirects: { error: '/' },
  })
  const journal = createJournal()
  watchDance(dance, journal)
  const app = { dance, journal, env, services: offeredServices(env) }

  return dance.wrap(async (request, visit) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/') return answerHome(app, request, visit)
    if (pathname === '/call') return callService(app, request, visit)
    if (pathname === '/events') return journal.stream(request)
    const asset = readAsset(pathname)
    return asset === null
      ? new Response('Not found', { status: 404 })
      : new Response(asset.body, { headers: asset.headers })
  })
}
