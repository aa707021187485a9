import type { AuthorizationServer } from 'oauth4webapi'
import { DanceError } from '../errors.ts'
import { describeError } from './describe-error.ts'

/**
 * The code of an authorization response (RFC 6749 section 4.1.2), checked before it goes anywhere: it must be from the
 * issuer that was asked (RFC 9207 section 2.4). All else in it is ignored, a token in an address above all.
 * Throws `issuer_mismatch`, `access_denied`, `provider_error`, `callback_invalid`.
 */
export function readAuthorizationAnswer(
  as: AuthorizationServer,
  parameters: URLSearchParams,
): string {
  const iss = parameters.get('iss')
  const sent = iss !== null || as.authorization_response_iss_parameter_supported === true
  if (sent && iss !== as.issuer) {
    const message = 'Cannot finish the login: the answer is not from the provider asked'
    throw new DanceError('issuer_mismatch', message)
  }
  if (parameters.has('denied')) throw accessDenied()
  if (parameters.has('error')) throw deniedOrFailed(parameters)
  const code = parameters.get('code')
  if (code) return code
  throw new DanceError('callback_invalid', 'Cannot finish the login: the answer holds no code')
}

function deniedOrFailed(parameters: URLSearchParams): DanceError {
  const secrets = [parameters.get('code'), parameters.get('state')]
  const cause = describeError((name) => parameters.get(name), secrets)
  if (cause['error'] === 'access_denied') return accessDenied(cause)
  const message = 'Cannot connect: the provider answered with an error'
  return new DanceError('provider_error', message, { cause })
}

function accessDenied(cause?: Record<string, string>): DanceError {
  const message = 'Cannot connect: you declined it at the provider'
  return new DanceError('access_denied', message, { cause })
}
