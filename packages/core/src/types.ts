import type { ConnectionOf, LoginUrlOptions, VisitConnectionOf } from './connection-types.ts'
import type { EventName, Handler } from './event-types.ts'
import type { Providers } from './protocol/protocol.ts'

/** A connection of any of these providers, told apart by `provider`. */
export type Connection<P extends Providers, N extends keyof P = keyof P> = N extends keyof P
  ? ConnectionOf<P, N>
  : never

/** A visit's connection of any of these providers, told apart by `provider`. */
export type VisitConnection<P extends Providers, N extends keyof P = keyof P> = N extends keyof P
  ? VisitConnectionOf<P, N>
  : never

/**
 * One request being served: who it is from, and the way to their connections. `wrap` opens one and commits it.
 *
 * @example
 * ```ts
 * const connection = await visit.require('github', { scopes: ['repo'] })
 * const repos = await connection.fetch('/user/repos')
 * ```
 */
// biome-ignore lint/suspicious/noExplicitAny: a Visit of any providers must accept every dance's
export interface Visit<P extends Providers = any> {
  /**
   * The connection as it is; its `status` is 'none' if there is none. Never asks the network.
   * Throws `storage_failed`, `owner_failed`, `origin_missing`, `origin_not_allowed`.
   *
   * @param o `account`: which one, where there are several; the one connected last without it.
   */
  connection<N extends keyof P & string>(
    name: N,
    o?: { account?: string },
  ): Promise<VisitConnection<P, N>>
  /**
   * A connection that can be used and has the scopes, or an error that `wrap` answers with the way to get one.
   * Throws `login_required`, `scope_required`, `scope_refused` (asked for at the last login, and not given), each with
   * `loginUrl`; `scope_not_allowed` for a scope the provider does not declare; and what `connection` throws.
   *
   * @param o `scopes` it must have, `account` as in `connection`, `returnTo`: where the login leads back to, by default
   * to this request's page.
   */
  require<N extends keyof P & string>(
    name: N,
    o?: LoginUrlOptions & { account?: string },
  ): Promise<VisitConnection<P, N>>
  /** Every connection of this visit's owner. Throws what `connection` throws. */
  connections(): Promise<VisitConnection<P>[]>
  /** The owner's id in this app; null for a browser, and where nobody is signed in. Throws `owner_failed`, `origin_*`. */
  owner(): Promise<string | null>
  /** Local logout: clears this browser's cookies of the dance and revokes nothing. */
  forget(): Promise<void>
  /**
   * Adds the visit's cookies to a response, once: afterwards no token can be saved in a cookie (`cannot_persist`).
   *
   * @returns A copy that no cache keeps, or the same object where there is nothing to add.
   */
  commit(response: Response): Response
  /** What `wrap` would answer to an error that this visit threw; null for any other, which is not ours to answer. */
  answer(error: unknown): Response | null
}

/** What an adapter knows of a visit. */
export interface VisitContext {
  /** Keeps the runtime alive until the promise settles. */
  waitUntil?(promise: Promise<unknown>): void
  /** The app's user where the adapter knows it, or how to ask for it; null for nobody. */
  owner?: string | null | (() => string | null | Promise<string | null>)
  /** No cookie can be set (a server component): nothing is refreshed that could not be saved. */
  readOnly?: boolean
  /** Takes each Set-Cookie line at once, where there is no response to commit (a server action). */
  setCookie?(line: string): void
}

/** An app behind {@link Dance.wrap}; `rest` is what the runtime hands to `fetch` beside the request. */
export type App<P extends Providers, A extends unknown[]> = (
  request: Request,
  visit: Visit<P>,
  ...rest: A
) => Response | Promise<Response>

/**
 * What `createDance` returns: the routes, and the way to every connection.
 *
 * @example
 * ```ts
 * export default {
 *   fetch: dance.wrap(async (_request, visit) => {
 *     const connection = await visit.require('github')
 *     return connection.fetch('/user')
 *   }),
 * }
 * ```
 */
// biome-ignore lint/suspicious/noExplicitAny: a Dance of any providers must accept every dance
export interface Dance<P extends Providers = any> {
  /**
   * Answers the dance's own routes, anything else with 404. Never rejects, and answers within three times `timeout`:
   * failures become pages, JSON or redirects, as the options say.
   */
  handle(request: Request, context?: VisitContext): Promise<Response>
  /** Whether the request is for one of the dance's routes, whatever its method. */
  owns(request: Request): boolean
  /**
   * Puts the dance in front of an app: its routes are answered by `handle`, all others by the app with a visit.
   * `login_required`, `scope_required` and `scope_refused` that the visit threw are answered; anything else is rethrown,
   * unless a new token would be lost with it.
   *
   * @returns A `fetch` handler. Further arguments reach the app; `waitUntil` is found in them.
   */
  wrap<A extends unknown[] = []>(
    app: App<P, A>,
  ): (request: Request, ...rest: A) => Promise<Response>
  /** Opens a visit for a request that something else answers: end it with `visit.commit`. */
  visit(request: Request, context?: VisitContext): Visit<P>
  /**
   * A named owner's connection without a request: cron, queue, agent.
   * Throws `storage_unsuitable` where tokens are in cookies, `option_invalid`, `storage_failed`.
   *
   * @param o `owner`: the bare id, as the `owner` option names it; `account` where there are several.
   * @returns The connection, `status` 'none' if there is none.
   * @example
   * ```ts
   * const connection = await dance.connection({ provider: 'github', owner: 'user-42' })
   * if (connection.authorized) await connection.fetch('/notifications')
   * ```
   */
  connection<N extends keyof P & string>(o: {
    provider: N
    owner: string
    account?: string
    waitUntil?(promise: Promise<unknown>): void
  }): Promise<Connection<P, N>>
  readonly events: {
    /**
     * Hears an event, of one provider or of all. Handlers run in order and have five seconds each.
     *
     * @returns The function that stops hearing it.
     * @example
     * ```ts
     * dance.events.on('stored', ({ connection }) => console.log(connection.provider))
     * ```
     */
    on<E extends EventName, N extends keyof P & string = keyof P & string>(
      name: E,
      handler: Handler<P, E, N>,
      o?: { provider?: N },
    ): () => void
  }
  /**
   * Refreshes the connections whose refresh token would die unused, where the provider says when that is: for a cron job.
   * Failures are `error` events (`needsLogin`, where a connection is over), are counted, and stop nothing.
   * Throws `storage_unsuitable` where tokens are in cookies, `storage_failed` where the storage cannot be listed,
   * `option_invalid`.
   *
   * @param o `expiringWithin`: seconds. `limit`: how many connections to look at in this call. `after`: where the call
   * before it ended.
   * @returns How many were refreshed and how many could not be; `after` where there are more.
   * @example
   * ```ts
   * const { refreshed, failed } = await dance.sweep({ expiringWithin: 7 * 24 * 3600, limit: 500 })
   * ```
   */
  sweep(o: {
    expiringWithin: number
    limit: number
    after?: string
  }): Promise<{ refreshed: number; failed: number; after?: string }>
  /**
   * Seals anew what an older secret sealed: once it has walked over everything, older secrets can be taken out.
   * What cannot be opened or written is an `error` event and stops nothing. Throws `storage_unsuitable` where tokens are
   * in cookies, `storage_failed` where the storage cannot be listed, `option_invalid`.
   *
   * @param o `limit`: how many records to look at in this call. `after`: where the call before it ended.
   * @returns How many were sealed anew; `after` where there are more.
   * @example
   * ```ts
   * for (let after: string | undefined = ''; after !== undefined; ) {
   *   ;({ after } = await dance.reseal({ limit: 500, ...(after && { after }) }))
   * }
   * ```
   */
  reseal(o: { limit: number; after?: string }): Promise<{ resealed: number; after?: string }>
  /** The paths of a provider's routes, for links and forms: `logout` takes a POST of the app's own pages. */
  paths(name: keyof P & string): { login: string; callback: string; logout: string }
}
