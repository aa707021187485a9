import { type Env, isSameOrigin, lanternProvider, readStyle } from '@fetch-dance/examples-stage'
import { x } from '@fetch-dance/providers/x'
import { drizzle as drizzleStorage } from '@fetch-dance/storages/drizzle'
import { createDance } from 'fetch-dance'
import type { Database } from './database.ts'
import { showHome } from './home.ts'
import { createOperator } from './operator.ts'
import { showOperator, signIn, signOut } from './operator-page.ts'
import { createRateLimit } from './rate-limit.ts'
import { sendPost } from './send-post.ts'
import { connections } from './tables.ts'
import type { Club } from './types.ts'

export interface AppOptions {
  readonly env: Env
  readonly db: Database
  /** Whoever knows it is the operator. */
  readonly passphrase: string
}

/** The whole app: one account for everybody, and one person who may connect it. */
export function createApp(options: AppOptions): (request: Request) => Promise<Response> {
  const { env, db, passphrase } = options
  const operator = createOperator(passphrase, env.DANCE_ORIGIN?.startsWith('https:') ?? false)
  const onX = x({ offline: true, optionalScopes: ['tweet.write'] })
  const dance = createDance({
    providers: { x: env.LANTERN_ISSUER ? lanternProvider(env.LANTERN_ISSUER, onX) : onX },
    env,
    owner: 'club', // not a visitor and not a user: the app itself
    storage: drizzleStorage(db, connections),
    authorizeLogin: (request) => operator.isSignedIn(request),
    redirects: { error: '/operator', logout: '/operator' },
  })
  const club: Club = {
    db,
    operator,
    logoutPath: dance.paths('x').logout,
    postLimit: createRateLimit({ times: 10, seconds: 60 }),
    passphraseLimit: createRateLimit({ times: 5, seconds: 60 }),
  }
  const style = readStyle()

  return dance.wrap(async (request, visit) => {
    const { method, url } = request
    if (method === 'POST' && !isSameOrigin(request, env.DANCE_ORIGIN)) {
      return new Response('Only the pages of this app may do this', { status: 403 })
    }
    switch (`${method} ${new URL(url).pathname}`) {
      case 'GET /':
        return showHome(club, visit)
      case 'POST /posts':
        return sendPost(club, request, visit)
      case 'GET /operator':
        return showOperator(club, request, visit)
      case 'POST /operator/sign-in':
        return signIn(club, request)
      case 'POST /operator/sign-out':
        return signOut(club, request)
      case 'GET /style.css':
        return new Response(style, { headers: { 'content-type': 'text/css; charset=utf-8' } })
      default:
        return new Response('Not found', { status: 404 })
    }
  })
}
