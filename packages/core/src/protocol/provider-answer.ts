import { DanceError, type DanceErrorCode } from '../errors.ts'
import { now } from '../token.ts'
import { describeError } from './describe-error.ts'
import type { ProviderClient } from './protocol.ts'

/** Secrets of the request: an error must not hold them, even where the provider repeats them. */
type Secrets = readonly (string | null | undefined)[]

/** Longest wait a stranger's Retry-After can ask for, in seconds. */
const longestRetryAfter = 120

/**
 * Reads a token endpoint's answer (RFC 6749 sections 5.1 and 5.2): the members of a success.
 * Throws `grant_refused`, `provider_error`, `provider_unavailable`, `provider_bad_response`.
 *
 * @param sent The secrets of the request.
 */
export async function readAnswer(
  response: Response,
  client: ProviderClient,
  sent: Secrets,
): Promise<Record<string, unknown>> {
  if (response.status !== 200) throw await answerError(response, client, sent)
  const members = await membersOf(response)
  if (!members) throw badResponse(response)
  if (typeof members['error'] === 'string' && members['error'] !== '') {
    throw errorOf(members, client, response, sent)
  }
  return members
}

/** What an answer that is no success means. */
export async function answerError(
  response: Response,
  client: ProviderClient,
  sent: Secrets = [],
): Promise<DanceError> {
  const { status } = response
  if (status >= 500 || status === 429) {
    const message = `Cannot go on: the provider is not available (status ${status})`
    const retryAfter = retryAfterOf(response)
    return new DanceError('provider_unavailable', message, { retryAfter, cause: { status } })
  }
  const members = status >= 400 ? await membersOf(response) : null
  return members && typeof members['error'] === 'string'
    ? errorOf(members, client, response, sent)
    : badResponse(response)
}

function errorOf(
  members: Record<string, unknown>,
  client: ProviderClient,
  response: Response,
  sent: Secrets,
): DanceError {
  const secrets = [...sent, client.knownSecret]
  const cause = { ...describeError((name) => members[name], secrets), status: response.status }
  const refused = ['invalid_grant', ...(client.facts.quirks?.grantRefused ?? [])]
  const code: DanceErrorCode = refused.includes(String(members['error']))
    ? 'grant_refused'
    : 'provider_error'
  const reason =
    code === 'grant_refused' ? 'refused the grant; log in again' : 'answered with an error'
  return new DanceError(code, `Cannot get a token: the provider ${reason}`, { cause })
}

// No content type is tolerated, a wrong one is not: HTML is a firewall or a wrong address.
async function membersOf(response: Response): Promise<Record<string, unknown> | null> {
  const type = response.headers.get('content-type')
  if (type !== null && !/^(application|text)\/([\w.-]+\+)?json\s*(;|$)/i.test(type)) return null
  try {
    const value: unknown = await response.json()
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    return Object.fromEntries(Object.entries(value))
  } catch {
    return null
  }
}

function badResponse(response: Response): DanceError {
  const { status } = response
  const message = `Cannot read the provider's answer: status ${status} and not the JSON the protocol asks for`
  return new DanceError('provider_bad_response', message, { cause: { status } })
}

function retryAfterOf(response: Response): number | undefined {
  const value = response.headers.get('retry-after')
  if (value === null) return undefined
  const seconds = /^\d{1,12}$/.test(value) ? Number(value) : Date.parse(value) / 1000 - now()
  if (!Number.isFinite(seconds) || seconds < 0) return undefined
  return Math.min(longestRetryAfter, Math.ceil(seconds))
}
