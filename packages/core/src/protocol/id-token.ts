import * as oauth from 'oauth4webapi'
import { DanceError } from '../errors.ts'
import type { ProviderClient } from '../provider.ts'
import { now } from '../token.ts'
import { type Keys, readKeys, readKeysAgain } from './keys.ts'

/** The claims of a verified id_token. */
export type Claims = Record<string, unknown> & { iss: string; sub: string }

/** Seconds by which the provider's clock may be ahead. */
const clockTolerance = 60
const asymmetric = /^(RS256|RS384|RS512|PS256|PS384|PS512|ES256|ES384|ES512|EdDSA|Ed25519)$/

/**
 * Verifies an id_token, its signature included (OpenID Connect Core 1.0 section 3.1.3.7; section 12.2 at a refresh).
 *
 * @param expected The nonce sent, null where none was; the earlier claims at a refresh.
 * Throws `id_token_invalid`, and where keys cannot be read `discovery_failed` or `provider_*`.
 */
export async function verifyIdToken(
  client: ProviderClient,
  as: oauth.AuthorizationServer,
  idToken: string,
  expected: { nonce: string | null } | { earlier: Record<string, unknown> },
): Promise<Claims> {
  const server = { ...as, id_token_signing_alg_values_supported: algorithmsOf(client, as) }
  const known = { client_id: client.clientId() }
  // oauth4webapi verifies the id_token of a whole answer
  const answer = Response.json({ access_token: '-', token_type: 'bearer', id_token: idToken })
  const askedAt = Date.now()
  try {
    const result =
      'nonce' in expected
        ? await oauth.processAuthorizationCodeResponse(server, known, answer, {
            expectedNonce: expected.nonce ?? oauth.expectNoNonce,
            requireIdToken: true,
          })
        : await oauth.processRefreshTokenResponse(server, known, answer)
    const claims = oauth.getValidatedIdTokenClaims(result)
    const problem = claims && problemOf(claims, known.client_id, expected)
    if (!claims || problem) throw invalid(problem ?? 'it has no claims')
    await verifySignature(client, server, answer, askedAt)
    return claims
  } catch (error) {
    throw error instanceof DanceError ? error : invalid(reasonOf(error))
  }
}

async function verifySignature(
  client: ProviderClient,
  as: oauth.AuthorizationServer,
  answer: Response,
  askedAt: number,
): Promise<void> {
  const keys = await readKeys(client, as)
  try {
    await verifyWith(keys, as, answer)
  } catch (error) {
    const unknown =
      error instanceof oauth.OperationProcessingError && error.code === oauth.KEY_SELECTION
    const newer = unknown ? await readKeysAgain(client, as, keys, askedAt) : null
    if (!newer) throw error
    await verifyWith(newer, as, answer)
  }
}

function verifyWith(keys: Keys, as: oauth.AuthorizationServer, answer: Response): Promise<void> {
  // A copy of the metadata: oauth4webapi remembers keys by that object, and here the dance decides how long
  return oauth.validateApplicationLevelSignature({ ...as }, answer, {
    [oauth.jwksCache]: { jwks: { keys: keys.keys }, uat: now() },
    [oauth.customFetch]: () => Promise.reject(invalid('its key is unknown')),
    [oauth.allowInsecureRequests]: true,
  })
}

/** What oauth4webapi leaves to the caller. */
function problemOf(
  claims: oauth.IDToken,
  clientId: string,
  expected: { nonce: string | null } | { earlier: Record<string, unknown> },
): string | null {
  const { aud, azp, exp, iat, sub } = claims
  if (Array.isArray(aud) && aud.length !== 1) return 'it is meant for others too'
  if (azp !== undefined && azp !== clientId) return 'it was issued to another client'
  if (typeof sub !== 'string' || sub === '' || sub.length > 255) return 'its subject is malformed'
  if (!Number.isFinite(exp) || !Number.isFinite(iat)) return 'its times are malformed'
  if (iat > now() + clockTolerance) return 'it was issued in the future'
  if ('nonce' in expected) return null
  const { iss: issBefore, sub: subBefore } = expected.earlier
  if (subBefore === undefined) return null // a connection that was not made by a login
  return claims.iss === issBefore && sub === subBefore ? null : 'it names another account'
}

function algorithmsOf(client: ProviderClient, as: oauth.AuthorizationServer): string[] {
  const wanted = client.facts.idToken?.algorithms ?? as.id_token_signing_alg_values_supported
  return (Array.isArray(wanted) ? wanted : ['RS256']).filter((name) => asymmetric.test(name))
}

function invalid(reason: string): DanceError {
  return new DanceError('id_token_invalid', `Cannot trust the id_token: ${reason}`)
}

// oauth4webapi's messages quote no values; its causes do and are left behind
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'it could not be read'
}
