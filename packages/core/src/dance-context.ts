import { AsyncLocalStorage } from 'node:async_hooks'
import { DanceError } from './errors.ts'
import type { Providers } from './protocol/protocol.ts'
import type { App, Dance, Visit } from './types.ts'

/** The visit of the request that is being served, for code that is not handed it. */
export interface DanceAsyncContext<P extends Providers> {
  /** As {@link Dance.wrap}, and whatever the app calls finds its visit here. */
  wrap<A extends unknown[] = []>(
    app: App<P, A>,
  ): (request: Request, ...rest: A) => Promise<Response>
  /** Runs something within a visit that somebody else opened: an adapter's middleware, for instance. */
  run<T>(visit: Visit<P>, callback: () => T): T
  /** The visit. Throws `not_supported` outside of `wrap` and `run`. */
  visit(): Visit<P>
  /** As {@link Visit.connection}; rejects with `not_supported` outside of `wrap` and `run`. */
  connection: Visit<P>['connection']
  /** As {@link Visit.require}; rejects with `not_supported` outside of `wrap` and `run`. */
  require: Visit<P>['require']
}

/**
 * Lets code deep in a request ask for its visitor's connections, without a visit passed all the way down: on
 * AsyncLocalStorage, which Node, Deno and Bun have, and Cloudflare Workers under the flag `nodejs_als`.
 *
 * @param dance The dance; each has a context of its own.
 * @returns Functions that can be exported one by one, beside the dance.
 * @example
 * ```ts
 * import { github } from '@fetch-dance/providers/github'
 * import { createDance } from 'fetch-dance'
 * import { createDanceContext } from 'fetch-dance/context'
 *
 * const dance = createDance({ providers: { github: github() } })
 * export const { wrap, connection, require } = createDanceContext(dance)
 *
 * async function countRepos() {
 *   const repos = await (await require('github')).fetch('/user/repos')
 *   return (await repos.json()).length
 * }
 *
 * export default { fetch: wrap(async () => Response.json(await countRepos())) }
 * ```
 */
export function createDanceContext<P extends Providers>(dance: Dance<P>): DanceAsyncContext<P> {
  const visits = new AsyncLocalStorage<Visit<P>>()
  const visit = () => {
    const current = visits.getStore()
    if (current) return current
    const message = 'Cannot find the visit: this runs within neither "wrap" nor "run"'
    throw new DanceError('not_supported', message)
  }
  return {
    wrap: (app) =>
      dance.wrap((request, current, ...rest) =>
        visits.run(current, () => app(request, current, ...rest)),
      ),
    run: (current, callback) => visits.run(current, callback),
    visit,
    connection: async (name, o) => visit().connection(name, o),
    require: async (name, o) => visit().require(name, o),
  }
}
