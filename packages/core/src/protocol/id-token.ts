import { DanceError } from '../errors.ts'
import { now } from '../token.ts'
import type { Metadata } from './discovery.ts'
import { type Jwt, parseJwt } from './jwt.ts'
import { knownKeys, readKeys, readKeysAgain } from './keys.ts'
import type { Known, ProviderClient } from './protocol.ts'
import { isSignedBy, signatureAlgorithms } from './signature.ts'

/** The claims of a verified id_token. */
export type Claims = Record<string, unknown> & { iss: string; sub: string }

/** Seconds by which the provider's clock may differ. */
const clockTolerance = 60

/**
 * Verifies an id_token, its signature included (OpenID Connect Core 1.0 section 3.1.3.7; section 12.2 at a refresh).
 * Throws `id_token_invalid`, and where keys cannot be read `discovery_failed` or `provider_*`.
 */
export async function verifyIdToken(
  client: ProviderClient,
  metadata: Metadata,
  idToken: unknown,
  known: Known,
): Promise<Claims> {
  const jwt = typeof idToken === 'string' ? parseJwt(idToken) : null
  if (!jwt) throw invalidIdToken('it is absent, or no signed JWT')
  const problem = problemOf(client, metadata, jwt, known)
  if (problem) throw invalidIdToken(problem)
  const before = knownKeys(client)
  const keys = await readKeys(client, metadata)
  const { kid } = jwt.header
  // a key that is known by its id is read anew for no signature; without an id only the signature tells which it is
  const isKnown = kid !== undefined && keys.some((key) => key.kid === kid)
  const signed =
    (await isSignedBy(keys, jwt)) ||
    (!isKnown &&
      (await isSignedBy(await readKeysAgain(client, metadata, keys, keys !== before), jwt)))
  if (!signed) throw invalidIdToken('its signature is wrong')
  return jwt.claims as Claims // problemOf has looked at iss and sub
}

function problemOf(
  client: ProviderClient,
  metadata: Metadata,
  { header, claims }: Jwt,
  known: Known,
): string | undefined {
  const { iss, sub, aud, azp, exp, iat, nbf } = claims
  const clientId = client.clientId()
  const audience: unknown = Array.isArray(aud) && aud.length === 1 ? aud[0] : aud
  const soon = now() + clockTolerance
  const problems = {
    'its algorithm is refused': !algorithmsOf(client, metadata).includes(header.alg),
    'it has critical extensions': header.crit !== undefined,
    'it is from another issuer': iss !== client.facts.issuer,
    'its subject is malformed': typeof sub !== 'string' || sub === '' || sub.length > 255,
    'it is not meant for this client alone': audience !== clientId,
    'it was issued to another client': azp !== undefined && azp !== clientId,
    'it has ended': !isTime(exp) || exp <= now() - clockTolerance,
    'it was issued in the future': !isTime(iat) || iat > soon,
    'it is not valid yet': nbf !== undefined && !(isTime(nbf) && nbf <= soon),
    'it does not fit the login': !isExpected(claims, known),
  }
  return Object.entries(problems).find(([, found]) => found)?.[0]
}

function isExpected({ nonce, sub }: Jwt['claims'], known: Known): boolean {
  if ('secrets' in known) return nonce === known.secrets['nonce']
  const earlier = known.before.idTokenClaims?.['sub']
  return earlier === undefined || earlier === sub // a connection that no login made has no claims
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function algorithmsOf(client: ProviderClient, metadata: Metadata): string[] {
  const wanted = client.facts.idToken?.algorithms ?? metadata.id_token_signing_alg_values_supported
  return (Array.isArray(wanted) ? wanted : ['RS256']).filter((alg) => signatureAlgorithms.test(alg))
}

function invalidIdToken(reason: string): DanceError {
  return new DanceError('id_token_invalid', `Cannot trust the id_token: ${reason}`)
}
