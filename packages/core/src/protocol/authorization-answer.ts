import * as oauth from 'oauth4webapi'
import { DanceError } from '../errors.ts'
import { describeError } from './describe-error.ts'

/** What the code flow reads of an answer; all else is ignored (RFC 6749 section 4.1.2), a token in an address above all. */
const names = ['code', 'state', 'iss', 'error']

/**
 * Checks the authorization response (RFC 6749 section 4.1.2, RFC 9207) before its code goes anywhere.
 * Throws `issuer_mismatch`, `access_denied`, `provider_error`.
 */
export function checkAuthorizationAnswer(
  as: oauth.AuthorizationServer,
  known: oauth.Client,
  { parameters, state }: { parameters: URLSearchParams; state: string },
): URLSearchParams {
  if (parameters.has('denied')) throw accessDenied()
  const read = new URLSearchParams([...parameters].filter(([name]) => names.includes(name)))
  try {
    return oauth.validateAuthResponse(as, known, read, state)
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError) throw deniedOrFailed(parameters)
    const message = 'Cannot finish the login: the answer is not from the issuer that was asked'
    throw new DanceError('issuer_mismatch', message)
  }
}

function deniedOrFailed(parameters: URLSearchParams): DanceError {
  const cause = describeError((name) => parameters.get(name))
  if (cause['error'] === 'access_denied') return accessDenied(cause)
  const message = 'Cannot connect: the provider answered with an error'
  return new DanceError('provider_error', message, { cause })
}

function accessDenied(cause?: Record<string, string>): DanceError {
  const message = 'Cannot connect: access was declined at the provider'
  return new DanceError('access_denied', message, { cause })
}
