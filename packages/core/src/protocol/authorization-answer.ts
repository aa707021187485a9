import { cannotConnect } from '../errors.ts'
import { describeError } from './describe-error.ts'
import type { ProviderClient } from './protocol.ts'
import type { Server } from './server.ts'

/**
 * The code of an authorization response (RFC 6749 section 4.1.2), checked before it goes anywhere: it must be from the
 * issuer that was asked (RFC 9207 section 2.4). All else in it is ignored, a token in an address above all.
 * Throws `issuer_mismatch`, `access_denied`, `provider_error`, `callback_invalid`.
 */
export function readAuthorizationAnswer(
  server: Server,
  { facts }: ProviderClient,
  parameters: URLSearchParams,
): string {
  const iss = parameters.get('iss')
  const sends = iss !== null || server.authorization_response_iss_parameter_supported
  // a provider may begin to send it any day; without an issuer to compare it with it says nothing
  if (facts.issuer !== undefined && sends && iss !== facts.issuer) {
    throw cannotConnect('issuer_mismatch', 'the answer is from another issuer')
  }
  const code = parameters.get('code')
  const answer = Object.fromEntries(parameters)
  const cause = describeError(answer, [code, parameters.get('state')])
  if (parameters.has('denied') || cause['error'] === 'access_denied') {
    throw cannotConnect('access_denied', 'you declined it at the provider', cause)
  }
  if (cause['error'] !== undefined) {
    throw cannotConnect('provider_error', 'the provider answered an error', cause)
  }
  if (code) return code
  throw cannotConnect('callback_invalid', 'the answer holds no code')
}
