import type { JWK } from 'oauth4webapi'
import { DanceError } from '../errors.ts'
import { now } from '../token.ts'
import type { Metadata } from './discovery.ts'
import { type Jwt, parseJwt } from './jwt.ts'
import { knownKeys, readKeys, readKeysAgain } from './keys.ts'
import type { ProviderClient } from './protocol.ts'
import { isSignedBy, keyFor, signatureAlgorithms } from './signature.ts'

/** The claims of a verified id_token. */
export type Claims = Record<string, unknown> & { iss: string; sub: string }

/** What an id_token is held against: the nonce that was sent, if any, or at a refresh the earlier claims. */
export type Expected =
  | { nonce: string | undefined }
  | { earlier: Readonly<Record<string, unknown>> }

/** Seconds by which the provider's clock may differ. */
const clockTolerance = 60

/**
 * Verifies an id_token, its signature included (OpenID Connect Core 1.0 section 3.1.3.7; section 12.2 at a refresh).
 * Throws `id_token_invalid`, and where keys cannot be read `discovery_failed` or `provider_*`.
 */
export async function verifyIdToken(
  client: ProviderClient,
  metadata: Metadata,
  idToken: string,
  expected: Expected,
): Promise<Claims> {
  const jwt = parseJwt(idToken)
  if (!jwt) throw invalidIdToken('it is no signed JWT')
  if (!algorithmsOf(client, metadata).includes(jwt.header.alg))
    throw invalidIdToken('its algorithm is refused')
  if (jwt.header.crit !== undefined) throw invalidIdToken('it has critical extensions')
  const { claims } = jwt
  const problem = problemOf(claims, client, expected)
  if (problem !== null) throw invalidIdToken(problem)
  const key = await findKey(client, metadata, jwt)
  if (!key) throw invalidIdToken('its key is unknown')
  if (!(await isSignedBy(key, jwt))) throw invalidIdToken('its signature is wrong')
  return claims as Claims // problemOf has looked at iss and sub
}

async function findKey(
  client: ProviderClient,
  metadata: Metadata,
  jwt: Jwt,
): Promise<JWK | undefined> {
  const before = knownKeys(client)
  const known = await readKeys(client, metadata)
  const key = keyFor(known.keys, jwt)
  // where no id names the key, only the signature tells that it is the one in force
  if (key && (jwt.header.kid !== undefined || (await isSignedBy(key, jwt)))) return key
  return keyFor((await readKeysAgain(client, metadata, known, known !== before)).keys, jwt)
}

function problemOf(
  { iss, sub, aud, azp, exp, iat, nbf, nonce }: Readonly<Record<string, unknown>>,
  client: ProviderClient,
  expected: Expected,
): string | null {
  const time = now()
  const clientId = client.clientId()
  if (iss !== client.facts.issuer) return 'it is from another issuer'
  if (typeof sub !== 'string' || sub === '' || sub.length > 255) return 'its subject is malformed'
  const audience: unknown = Array.isArray(aud) && aud.length === 1 ? aud[0] : aud
  if (audience !== clientId) return 'it is not meant for this client alone'
  if (azp !== undefined && azp !== clientId) return 'it was issued to another client'
  if (!isTime(exp) || exp <= time - clockTolerance) return 'it has ended'
  if (!isTime(iat) || iat > time + clockTolerance) return 'it was issued in the future'
  if (nbf !== undefined && !(isTime(nbf) && nbf <= time + clockTolerance))
    return 'it is not valid yet'
  if ('nonce' in expected) {
    return nonce === expected.nonce ? null : 'its nonce is not the one sent'
  }
  const { sub: before } = expected.earlier
  // a connection that was not made by a login has no claims to compare
  return before === undefined || before === sub ? null : 'it names another account'
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function algorithmsOf(client: ProviderClient, metadata: Metadata): string[] {
  const wanted = client.facts.idToken?.algorithms ?? metadata.id_token_signing_alg_values_supported
  return (Array.isArray(wanted) ? wanted : ['RS256']).filter((alg) => signatureAlgorithms.test(alg))
}

/** An error that says why an id_token is refused. */
export function invalidIdToken(reason: string): DanceError {
  return new DanceError('id_token_invalid', `Cannot trust the id_token: ${reason}`)
}
