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

/** One request being served. */
// biome-ignore lint/suspicious/noExplicitAny: a Visit of any providers must accept every dance's
export interface Visit<P extends Providers = any> {
  /** The connection, `status` 'none' if there is none. Throws `storage_failed`, `owner_failed`, `origin_*`. */
  connection<N extends keyof P & string>(
    name: N,
    o?: { account?: string },
  ): Promise<VisitConnection<P, N>>
  /** The connection, or throws `login_required`, `scope_required`, `scope_refused`, `scope_not_allowed`. */
  require<N extends keyof P & string>(
    name: N,
    o?: LoginUrlOptions & { account?: string },
  ): Promise<VisitConnection<P, N>>
  /** Every connection of this visit's owner. */
  connections(): Promise<VisitConnection<P>[]>
  /** The owner's id in this app; null for a browser. */
  owner(): Promise<string | null>
  /** Local logout: clears this browser's cookies of the dance and revokes nothing. */
  forget(): Promise<void>
  /** Adds the visit's cookies to a response, once and on a copy. */
  commit(response: Response): Response
  /** What `wrap` would answer to this error; null where it would rethrow. */
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
}

/** An app behind {@link Dance.wrap}. */
export type App<P extends Providers, A extends unknown[]> = (
  request: Request,
  visit: Visit<P>,
  ...rest: A
) => Response | Promise<Response>

/** What `createDance` returns: the routes, and the way to every connection. */
// biome-ignore lint/suspicious/noExplicitAny: a Dance of any providers must accept every dance
export interface Dance<P extends Providers = any> {
  /** Answers the dance's own routes, anything else with 404; never rejects. */
  handle(request: Request, context?: VisitContext): Promise<Response>
  /** Whether the request is for one of the dance's routes, whatever its method. */
  owns(request: Request): boolean
  /** Puts the dance in front of an app. */
  wrap<A extends unknown[] = []>(
    app: App<P, A>,
  ): (request: Request, ...rest: A) => Promise<Response>
  /** Opens a visit for a request that something else answers: end it with `visit.commit`. */
  visit(request: Request, context?: VisitContext): Visit<P>
  /** A named owner's connection without a request: cron, queue, agent. */
  connection<N extends keyof P & string>(o: {
    provider: N
    owner: string
    account?: string
    waitUntil?(promise: Promise<unknown>): void
  }): Promise<Connection<P, N>>
  readonly events: {
    /** Hears an event; returns the function that stops hearing it. */
    on<E extends EventName, N extends keyof P & string = keyof P & string>(
      name: E,
      handler: Handler<P, E, N>,
      o?: { provider?: N },
    ): () => void
  }
  /** The paths of a provider's routes. */
  paths(name: keyof P & string): { login: string; callback: string; logout: string }
}
