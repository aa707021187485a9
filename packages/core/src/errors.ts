/** Every failure the dance can name. The list is closed: switch on it. */
export type DanceErrorCode =
  | 'option_invalid'
  | 'not_found'
  | 'method_not_allowed'
  | 'request_invalid'
  | 'request_too_large'
  | 'cross_origin'
  | 'origin_missing'
  | 'origin_not_allowed'
  | 'login_forbidden'
  | 'login_required'
  | 'scope_required'
  | 'scope_refused'
  | 'scope_not_allowed'
  | 'owner_required'
  | 'owner_mismatch'
  | 'owner_failed'
  | 'account_in_use'
  | 'account_mismatch'
  | 'flow_missing'
  | 'flow_expired'
  | 'state_missing'
  | 'state_mismatch'
  | 'callback_invalid'
  | 'issuer_mismatch'
  | 'access_denied'
  | 'cookies_blocked'
  | 'provider_error'
  | 'grant_refused'
  | 'token_missing'
  | 'provider_bad_response'
  | 'provider_unavailable'
  | 'provider_timeout'
  | 'provider_unreachable'
  | 'discovery_failed'
  | 'id_token_invalid'
  | 'address_refused'
  | 'metadata_changed'
  | 'storage_failed'
  | 'storage_unsuitable'
  | 'token_too_large'
  | 'cannot_persist'
  | 'handler_failed'
  | 'not_supported'
  | 'internal'

/** What a {@link DanceError} knows beside its code and message. */
export interface DanceErrorDetails {
  /** The provider's name in this app. */
  readonly provider?: string | undefined
  /**
   * What was being done: `options`, `login`, `callback`, `logout`, `connections`, `connect`, `connection`, `refresh`,
   * `app`.
   */
  readonly phase?: string | undefined
  /** Path of the login route that mends it. */
  readonly loginUrl?: string | undefined
  /** The scopes it is about. */
  readonly scopes?: readonly string[] | undefined
  /** Seconds to wait before another try. */
  readonly retryAfter?: number | undefined
  /** The HTTP status, where it is not the code's own. */
  readonly status?: number | undefined
  /** What lies behind it; never holds a secret. */
  readonly cause?: unknown
}

/**
 * The one error class of fetch-dance. `code` says what happened, `status` is the HTTP status it is answered with,
 * the message reads "Cannot X: reason" and never holds a secret.
 *
 * @example
 * ```ts
 * import { DanceError } from 'fetch-dance'
 *
 * export function explain(error: unknown): string {
 *   return error instanceof DanceError && error.code === 'login_required' ? 'Please connect first' : 'Oh no'
 * }
 * ```
 */
export class DanceError extends Error {
  override readonly name = 'DanceError'
  /** What happened. */
  readonly code: DanceErrorCode
  /** The HTTP status it is answered with. */
  readonly status: number
  /** The provider's name in this app. */
  declare readonly provider?: string
  /** What was being done: `login`, `callback`, `refresh` and so on. */
  declare readonly phase: string
  /** Path of the login route that mends it. */
  declare readonly loginUrl?: string
  /** The scopes it is about. */
  declare readonly scopes?: readonly string[]
  /** Seconds to wait before another try. */
  declare readonly retryAfter?: number

  constructor(code: DanceErrorCode, message: string, details: DanceErrorDetails = {}) {
    const { cause, ...rest } = details
    super(message, definedOf({ cause }))
    this.code = code
    this.status = statusOf(code)
    Object.assign(this, { phase: '' }, definedOf(rest))
  }
}

/**
 * Says where an error happened, unless it says so itself; anything that is not a {@link DanceError} becomes `internal`.
 *
 * A foreign error is not kept as the cause: its message may quote what it was given, a token for instance.
 */
export function locateError(error: unknown, phase: string, provider?: string): DanceError {
  const located =
    error instanceof DanceError
      ? error
      : new DanceError('internal', `Cannot go on: an unexpected ${kindOf(error)} was thrown`)
  const { phase: known, provider: named = provider } = located
  return Object.assign(located, { phase: known || phase }, definedOf({ provider: named }))
}

/** What may be told of a foreign error: its name. */
export function kindOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}

/** The error for a login that cannot be finished. */
export function cannotConnect(code: DanceErrorCode, reason: string, cause?: object): DanceError {
  return new DanceError(code, `Cannot connect: ${reason}`, { cause })
}

/** An error that names a wrong option and says what it should be. */
export function invalidOption(path: string, reason: string): DanceError {
  return new DanceError('option_invalid', `Cannot use the option "${path}": ${reason}`, {
    phase: 'options',
  })
}

/** The error for a provider's name that is not one. */
export function unknownProvider(name: string): DanceError {
  return invalidOption(`providers.${name}`, 'no such provider is configured')
}

/** The members of an object that are not undefined. */
export function definedOf<T extends object>(object: T): Partial<T> {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as Partial<T> // its own members, some left out
}

const statuses: Readonly<Record<number, string>> = {
  401: 'login_required',
  403: 'cross_origin login_forbidden scope_required scope_refused owner_required owner_mismatch account_in_use account_mismatch access_denied',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'request_too_large',
  500: 'option_invalid origin_missing storage_unsuitable token_too_large cannot_persist handler_failed not_supported internal',
  502: 'provider_error token_missing provider_bad_response provider_unreachable discovery_failed id_token_invalid address_refused metadata_changed',
  503: 'owner_failed provider_unavailable storage_failed',
  504: 'provider_timeout',
}

function statusOf(code: DanceErrorCode): number {
  const found = Object.entries(statuses).find(([, codes]) => codes.split(' ').includes(code))
  return found ? Number(found[0]) : 400
}
