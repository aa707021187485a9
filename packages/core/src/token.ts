import { cannotConnect, type DanceError } from './errors.ts'
import type { Token } from './facts.ts'

/** The time, in whole seconds since epoch. */
export function now(): number {
  return Math.floor(Date.now() / 1000)
}

/** How long before its end a token counts as due, in seconds: at most a tenth of its life. */
export function earliness(token: Token, obtainedAt: number, minValidity: number): number {
  if (token.expiresAt === undefined) return 0
  return Math.min(minValidity, Math.max(0, token.expiresAt - obtainedAt) / 10)
}

/** Whether the access token is good for that many seconds more; one without a stated end is, save for ever. */
export function isValid(token: Token, seconds: number): boolean {
  return (token.expiresAt ?? Number.POSITIVE_INFINITY) - now() > seconds
}

/** Ten years, in seconds. */
const longestLife = 315_360_000
/** Visible ASCII, and no more of it than any server accepts in a header. */
const headerSafe = /^[\x21-\x7e]{1,65536}$/

/**
 * Reads a token answer (RFC 6749 section 5.1). Scopes may be separated by spaces or commas, whatever was asked for:
 * several providers answer with the other one. A refresh token's life has no standard name, only these three.
 * Throws `token_missing` and `provider_bad_response`, never quoting the answer.
 *
 * @param bearer What `token_type` may be instead of `Bearer`.
 */
export function tokenFromAnswer(
  answer: Record<string, unknown>,
  bearer = 'Bearer',
): {
  token: Token
  scopesKnown: boolean
  dueAt?: number
} {
  const {
    access_token: accessToken,
    token_type: tokenType,
    refresh_token: refreshToken,
    expires_in: expiresIn,
    refresh_token_expires_in: refreshLife,
    refresh_expires_in: sessionLife = refreshLife,
    x_refresh_token_expires_in: refreshIn = sessionLife,
    scope,
    id_token: _idToken,
    ...rest
  } = answer
  if (isAbsent(accessToken)) {
    throw cannotConnect('token_missing', 'the provider sent no token')
  }
  const token: Token = {
    accessToken: textIn('access_token', accessToken, headerSafe),
    tokenType:
      textIn('token_type', tokenType === bearer ? 'Bearer' : tokenType, /^bearer$/i) && 'Bearer',
    scopes: isAbsent(scope) ? [] : scopesIn(textIn('scope', scope)),
    raw: safeCopy(rest),
  }
  if (!isAbsent(refreshToken))
    token.refreshToken = textIn('refresh_token', refreshToken, headerSafe)
  const expiresAt = endOf(expiresIn)
  if (expiresAt !== undefined) token.expiresAt = expiresAt
  const dueAt = endOf(refreshIn)
  return { token, scopesKnown: !isAbsent(scope), ...(dueAt !== undefined && { dueAt }) }
}

// Some providers send empty members for what they do not grant.
function isAbsent(value: unknown): boolean {
  return (value ?? '') === ''
}

function textIn(name: string, value: unknown, pattern = /^/): string {
  if (typeof value === 'string' && pattern.test(value)) return value
  throw malformed(name)
}

function scopesIn(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter(Boolean))]
}

// Unknown rather than wrong: a life that is no positive number says nothing.
function endOf(value: unknown): number | undefined {
  const seconds =
    typeof value === 'string' && /^\d{1,15}(\.\d+)?$/.test(value) ? Number(value) : value
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds <= 0) return undefined
  return now() + Math.max(1, Math.floor(Math.min(seconds, longestLife)))
}

// Members that could reach into a prototype are left out, at any depth.
function safeCopy(members: Record<string, unknown>): Record<string, unknown> {
  try {
    return JSON.parse(JSON.stringify(members), (name, value) =>
      /^(__proto__|constructor|prototype)$/.test(name) ? undefined : value,
    )
  } catch {
    throw malformed('(nesting)') // deeper than the engine can write again
  }
}

function malformed(name: string): DanceError {
  return cannotConnect('provider_bad_response', `the provider sent a malformed "${name}"`)
}
