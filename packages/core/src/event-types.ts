import type { ConnectionOf, Reason, RemoteOutcome } from './connection-types.ts'
import type { DanceError } from './errors.ts'
import type { Profile } from './facts.ts'
import type { Providers, RawOf } from './protocol/protocol.ts'

interface Base<N> {
  readonly provider: N
  /** The request being served, `code` and `state` removed; absent outside a visit. */
  readonly request?: Request
  /** Headers to add to the library's answer. */
  readonly headers: Headers
  /** Lets work go on after the answer; its failure becomes an `error` event. */
  waitUntil(promise: Promise<unknown>): void
}

/** What was asked for at a login, what was given, and the difference. */
export interface ScopesOutcome {
  readonly requested: readonly string[]
  readonly granted: readonly string[]
  readonly missing: readonly string[]
}

/**
 * What each event brings. It can be logged: it shows no token, and `request` holds neither code, state nor cookies of
 * the dance.
 */
export interface Payloads<P extends Providers, N extends keyof P> {
  /** Before the redirect to the provider: `params` may be edited (not the protocol's), a Response answers instead. */
  beforeLogin: Base<N> & { readonly params: URLSearchParams }
  /**
   * A login succeeded and nothing is stored yet: `false` vetoes, `{ owner }` names the owner, `{ response }` or a
   * Response answers. A throw, or five seconds without an answer, is `handler_failed`, and nothing is stored.
   */
  authorized: Base<N> & {
    profile(): Promise<Profile<RawOf<P[N]>>>
    readonly scopes: ScopesOutcome
    readonly connection: ConnectionOf<P, N>
  }
  /** The connection is kept. */
  stored: Base<N> & { readonly connection: ConnectionOf<P, N> }
  /** A refresh brought a new access token. */
  refreshed: Base<N> & { readonly connection: ConnectionOf<P, N> }
  /** A login or a refresh granted other scopes than there were `before`. */
  scopesChanged: Base<N> & {
    readonly connection: ConnectionOf<P, N>
    readonly before: readonly string[]
  }
  /** A connection cannot go on without a login. */
  needsLogin: Base<N> & { readonly connection: ConnectionOf<P, N>; readonly reason: Reason }
  /** A connection was ended here; `remote` tells what happened at the provider. */
  disconnected: Base<N> & {
    readonly owner: string | null
    readonly account: string | null
    readonly remote: RemoteOutcome
  }
  /** A refresh over cookies or an eventual storage, of which no other isolate can know; told once. */
  uncoordinated: Base<N>
  /** Anything failed; `error.phase` says where. */
  error: Omit<Base<N>, 'provider'> & { readonly provider?: N; readonly error: DanceError }
}

/** The names of the events. */
// biome-ignore lint/suspicious/noExplicitAny: the keys do not depend on the providers
export type EventName = keyof Payloads<any, any>

/** The payload of one event, told apart by `provider`. */
export type DanceEvent<
  P extends Providers,
  E extends EventName,
  N extends keyof P = keyof P,
> = N extends keyof P ? Payloads<P, N>[E] : never

/** What handlers of `beforeLogin` and `authorized` may answer. */
export interface Results {
  beforeLogin: void | Response
  authorized: void | false | Response | { owner?: string; response?: Response }
  error: void
}

type ResultOf<E> = E extends keyof Results ? Results[E] : void

/**
 * A handler of one event.
 *
 * @example
 * ```ts
 * import type { Handler, Providers } from 'fetch-dance'
 *
 * export const report: Handler<Providers, 'error'> = ({ error, provider }) => {
 *   console.error(provider, error.phase, error.code)
 * }
 * ```
 */
export type Handler<P extends Providers, E extends EventName, N extends keyof P = keyof P> = (
  event: DanceEvent<P, E, N>,
) => ResultOf<E> | Promise<ResultOf<E>>
