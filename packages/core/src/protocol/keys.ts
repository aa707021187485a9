import type { JWK } from 'oauth4webapi'
import { DanceError } from '../errors.ts'
import { discoveryFailed, type Metadata, readDocument } from './discovery.ts'
import { isObject } from './json-object.ts'
import type { ProviderClient } from './protocol.ts'
import { remember, remembered } from './remember.ts'

/** Reads of the keys that unknown key ids may cause within a minute. */
const forcedPerMinute = 2

export interface Keys {
  readonly keys: JWK[]
}

/** The provider's public signing keys (RFC 7517), read once an hour. */
export function readKeys(client: ProviderClient, metadata: Metadata): Promise<Keys> {
  return remember(client, 'keys', () => loadKeys(client, metadata))
}

/** The keys that are there without a read; undefined before the first one. */
export function knownKeys(client: ProviderClient): unknown {
  return remembered(client, 'keys')
}

/**
 * The keys after one did not fit: read anew, at most twice a minute, so that a rotation costs one read and a flood
 * of invented key ids costs no more. Throws `id_token_invalid` where they have just been read, or may not be.
 *
 * @param justRead Whether this very verification read them: they are as new as can be.
 */
export async function readKeysAgain(
  client: ProviderClient,
  metadata: Metadata,
  known: Keys,
  justRead: boolean,
): Promise<Keys> {
  const load = async () => {
    const forced = forcedReads(client)
    const mayRead = forced.length < forcedPerMinute
    if (mayRead) forced.push(Date.now())
    if (mayRead && !justRead) return loadKeys(client, metadata)
    throw new DanceError('id_token_invalid', 'Cannot trust the id_token: its key is unknown')
  }
  return remember(client, 'keys', load, known)
}

function forcedReads(client: ProviderClient): number[] {
  const kept = client.memory.get('forced reads')
  const recent = (Array.isArray(kept) ? kept : []).filter((time) => time > Date.now() - 60_000)
  client.memory.set('forced reads', recent)
  return recent
}

async function loadKeys(client: ProviderClient, metadata: Metadata): Promise<Keys> {
  const { keys } = await readDocument(client, metadata.jwks_uri)
  if (!Array.isArray(keys)) throw discoveryFailed(client, 'its keys are no list')
  return { keys: keys.filter(isPublicKey) }
}

// A private or shared key in a public document is nobody's signature.
function isPublicKey(key: unknown): key is JWK {
  return isObject(key) && !('d' in key) && !('k' in key)
}
