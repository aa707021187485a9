import type { JWK } from 'oauth4webapi'
import { DanceError } from '../errors.ts'
import { discoveryFailed, type Metadata, readDocument } from './discovery.ts'
import { isObject } from './json-object.ts'
import type { ProviderClient } from './protocol.ts'
import { remember, remembered } from './remember.ts'

/** Reads of the keys that unknown keys may cause within a minute. */
const forcedPerMinute = 2

/** The provider's public signing keys (RFC 7517), read once an hour. */
export function readKeys(client: ProviderClient, metadata: Metadata): Promise<JWK[]> {
  return remember(client, 'keys', () => loadKeys(client, metadata))
}

/** The keys that are there without a read; undefined before the first one. */
export function knownKeys(client: ProviderClient): unknown {
  return remembered(client, 'keys')
}

/**
 * The keys after none of those known did fit: read anew, at most twice a minute, so that a rotation costs one read and
 * a flood of invented keys costs no more. Throws `id_token_invalid` where they have just been read, or may not be.
 *
 * @param justRead Whether this very verification read them: they are as new as can be.
 */
export function readKeysAgain(
  client: ProviderClient,
  metadata: Metadata,
  known: JWK[],
  justRead: boolean,
): Promise<JWK[]> {
  const load = async () => {
    if (mayForce(client) && !justRead) return loadKeys(client, metadata)
    throw new DanceError('id_token_invalid', 'Cannot trust the id_token: its key is unknown')
  }
  return remember(client, 'keys', load, known)
}

function mayForce({ memory }: ProviderClient): boolean {
  const times = (memory.get('forced reads') ?? []) as number[] // only this function writes that name
  const recent = times.filter((time) => time > Date.now() - 60_000)
  if (recent.length >= forcedPerMinute) return false
  memory.set('forced reads', [...recent, Date.now()])
  return true
}

async function loadKeys(client: ProviderClient, metadata: Metadata): Promise<JWK[]> {
  const { keys } = await readDocument(client, metadata.jwks_uri)
  if (Array.isArray(keys)) return keys.filter(isPublicKey)
  throw discoveryFailed(client, 'its keys are no list')
}

// A private or shared key in a public document is nobody's signature.
function isPublicKey(key: unknown): key is JWK {
  return isObject(key) && !('d' in key) && !('k' in key)
}
