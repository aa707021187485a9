import { DanceError } from '../errors.ts'
import { now } from '../token.ts'
import { describeError } from './describe-error.ts'
import { objectIn } from './json-object.ts'
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
  const members = await membersOf(response)
  if (response.status === 200 && members && !members['error']) return members
  throw errorOf(response, members, client, sent)
}

/** What an answer that is no success means. */
export async function answerError(
  response: Response,
  client: ProviderClient,
  sent: Secrets = [],
): Promise<DanceError> {
  return errorOf(response, await membersOf(response), client, sent)
}

function errorOf(
  { status, headers }: Response,
  members: Record<string, unknown> | null,
  client: ProviderClient,
  sent: Secrets,
): DanceError {
  if (status >= 500 || status === 429) {
    const message = `Cannot go on: the provider is unavailable (status ${status})`
    const retryAfter = secondsOf(headers.get('retry-after'))
    return new DanceError('provider_unavailable', message, { retryAfter, cause: { status } })
  }
  const error = members?.['error']
  if (typeof error !== 'string') {
    const message = `Cannot read the provider's answer: status ${status}, no fitting JSON`
    return new DanceError('provider_bad_response', message, { cause: { status } })
  }
  const cause = { ...describeError(members, [...sent, client.knownSecret]), status }
  return error === 'invalid_grant' || client.facts.quirks?.grantRefused?.includes(error)
    ? new DanceError('grant_refused', 'Cannot go on: the provider refused the grant', { cause })
    : new DanceError('provider_error', 'Cannot go on: the provider answered an error', { cause })
}

// No content type is tolerated, a wrong one is not: HTML is a firewall or a wrong address. Neither is a redirect.
async function membersOf(response: Response): Promise<Record<string, unknown> | null> {
  const type = response.headers.get('content-type') ?? 'application/json'
  const isJson = /^(application|text)\/([\w.-]+\+)?json\s*(;|$)/i.test(type)
  const { status } = response
  return isJson && (status === 200 || status >= 400) ? objectIn(response) : null
}

function secondsOf(retryAfter: string | null): number | undefined {
  if (retryAfter === null) return undefined
  const isDelay = /^\d{1,12}$/.test(retryAfter)
  const seconds = isDelay ? Number(retryAfter) : Date.parse(retryAfter) / 1000 - now()
  return seconds >= 0 ? Math.min(longestRetryAfter, Math.ceil(seconds)) : undefined
}
