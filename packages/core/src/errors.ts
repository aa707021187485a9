/** Every failure the dance can name. The list is closed: switch on it. */
export type DanceErrorCode = keyof typeof statusOf

/** What a {@link DanceError} knows beside its code and message. */
export interface DanceErrorDetails {
  /** The provider's name in this app. */
  readonly provider?: string | undefined
  /** What was being done: `options`, `login`, `callback`, `logout`, `connections`, `connection`, `refresh`, `app`. */
  readonly phase?: string | undefined
  /** Path of the login route that mends it. */
  readonly loginUrl?: string | undefined
  /** The scopes it is about. */
  readonly scopes?: readonly string[] | undefined
  /** Seconds to wait before another try. */
  readonly retryAfter?: number | undefined
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
  readonly code: DanceErrorCode
  readonly status: number
  declare readonly provider?: string
  declare readonly phase: string
  declare readonly loginUrl?: string
  declare readonly scopes?: readonly string[]
  declare readonly retryAfter?: number

  constructor(code: DanceErrorCode, message: string, details: DanceErrorDetails = {}) {
    const { cause, ...rest } = details
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.status = statusOf[code]
    Object.assign(this, { phase: '' }, definedOf(rest))
  }
}

/**
 * Says where an error happened, unless it says so itself; anything that is not a {@link DanceError} becomes `internal`.
 *
 * A foreign error is not kept as the cause: its message may quote what it was given, a token for instance.
 */
export function locateError(error: unknown, phase: string, provider?: string): DanceError {
  if (!(error instanceof DanceError)) {
    const kind = error instanceof Error ? error.name : typeof error
    const message = `Cannot go on: an unexpected ${kind} was thrown`
    return new DanceError('internal', message, { phase, provider })
  }
  if (error.phase === '') Object.assign(error, { phase })
  if (error.provider === undefined && provider !== undefined) Object.assign(error, { provider })
  return error
}

/** An error that names a wrong option and says what it should be. */
export function invalidOption(path: string, reason: string): DanceError {
  const message = `Cannot use the option "${path}": ${reason}`
  return new DanceError('option_invalid', message, { phase: 'options' })
}

function definedOf(details: object): object {
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined))
}

const statusOf = {
  option_invalid: 500,
  not_found: 404,
  method_not_allowed: 405,
  request_invalid: 400,
  request_too_large: 413,
  cross_origin: 403,
  origin_missing: 500,
  origin_not_allowed: 400,
  login_forbidden: 403,
  login_required: 401,
  scope_required: 403,
  scope_refused: 403,
  scope_not_allowed: 400,
  owner_required: 403,
  owner_mismatch: 403,
  owner_failed: 503,
  account_in_use: 403,
  account_mismatch: 403,
  flow_missing: 400,
  flow_expired: 400,
  state_missing: 400,
  state_mismatch: 400,
  callback_invalid: 400,
  issuer_mismatch: 400,
  access_denied: 403,
  cookies_blocked: 400,
  provider_error: 502,
  grant_refused: 400,
  token_missing: 502,
  provider_bad_response: 502,
  provider_unavailable: 503,
  provider_timeout: 504,
  provider_unreachable: 502,
  discovery_failed: 502,
  id_token_invalid: 502,
  address_refused: 502,
  metadata_changed: 502,
  storage_failed: 503,
  storage_unsuitable: 500,
  token_too_large: 500,
  cannot_persist: 500,
  handler_failed: 500,
  not_supported: 500,
  internal: 500,
} as const
