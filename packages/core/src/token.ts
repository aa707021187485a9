import { DanceError } from './errors.ts'
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

/** Whether the access token is good for that many seconds more; one without a stated end always is. */
export function isValid(token: Token, seconds: number): boolean {
  return token.expiresAt === undefined || token.expiresAt - now() > seconds
}

/** The members of a token answer the dance itself uses (RFC 6749 section 5.1). */
const usedMembers = /* @__PURE__ */ new Set([
  'access_token',
  'token_type',
  'refresh_token',
  'expires_in',
  'scope',
  'id_token',
])
const unsafeMembers = /* @__PURE__ */ new Set(['__proto__', 'constructor', 'prototype'])
const longestLife = 10 * 365 * 24 * 3600

/**
 * Reads a token answer. Scopes may be separated by spaces or commas, whatever was asked for: several providers
 * answer with the other one. Throws `token_missing` and `provider_bad_response`, never quoting the answer.
 */
export function tokenFromAnswer(answer: Record<string, unknown>): {
  token: Token
  scopesKnown: boolean
} {
  const accessToken = answer['access_token']
  if (accessToken === undefined || accessToken === null || accessToken === '') {
    throw new DanceError('token_missing', 'Cannot connect: the provider answered without a token')
  }
  const refreshToken = optionalText(answer, 'refresh_token')
  const expiresIn = lifeOf(answer['expires_in'])
  const scope = optionalText(answer, 'scope')
  const token: Token = {
    accessToken: headerSafe(accessToken, 'access_token'),
    tokenType: tokenTypeOf(answer['token_type']),
    scopes: scope === undefined ? [] : [...new Set(scope.split(/[\s,]+/).filter(Boolean))],
    raw: rawOf(answer),
  }
  if (refreshToken !== undefined) token.refreshToken = headerSafe(refreshToken, 'refresh_token')
  if (expiresIn !== undefined) token.expiresAt = now() + expiresIn
  return { token, scopesKnown: scope !== undefined }
}

function badMember(name: string): DanceError {
  return new DanceError(
    'provider_bad_response',
    `Cannot connect: "${name}" in the provider's answer is malformed`,
  )
}

// A token goes into a header: visible ASCII and no more than any server accepts.
function headerSafe(value: unknown, name: string): string {
  if (typeof value !== 'string' || !/^[\x21-\x7e]{1,65536}$/.test(value)) throw badMember(name)
  return value
}

function optionalText(answer: Record<string, unknown>, name: string): string | undefined {
  const value = answer[name]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') throw badMember(name)
  return value
}

function tokenTypeOf(value: unknown): string {
  if (typeof value !== 'string' || value.toLowerCase() !== 'bearer') throw badMember('token_type')
  return 'Bearer'
}

// Unknown rather than wrong: a life that is no positive number says nothing.
function lifeOf(value: unknown): number | undefined {
  const seconds =
    typeof value === 'string' && /^\d{1,15}(\.\d+)?$/.test(value) ? Number(value) : value
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds <= 0) return undefined
  return Math.max(1, Math.floor(Math.min(seconds, longestLife)))
}

function rawOf(answer: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(answer).filter(
    ([name]) => !usedMembers.has(name) && !unsafeMembers.has(name),
  )
  try {
    return JSON.parse(JSON.stringify(Object.fromEntries(kept)), (name, value) =>
      unsafeMembers.has(name) ? undefined : value,
    )
  } catch {
    throw badMember('(nesting)') // deeper than the engine can write again
  }
}
