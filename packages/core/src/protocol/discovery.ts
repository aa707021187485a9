import { DanceError } from '../errors.ts'
import { isSecureAddress } from '../http.ts'
import { objectIn } from './json-object.ts'
import type { ProviderClient } from './protocol.ts'
import { answerError } from './provider-answer.ts'
import { remember } from './remember.ts'
import type { Server } from './server.ts'

/** A provider's metadata (OpenID Connect Discovery 1.0 section 3). */
export interface Metadata extends Server {
  readonly jwks_uri: string
  readonly userinfo_endpoint?: string
  readonly id_token_signing_alg_values_supported?: unknown
}

/**
 * The provider's metadata (OpenID Connect Discovery 1.0 section 4), read once an hour.
 * Throws `discovery_failed`, `provider_*`, `address_refused`.
 */
export function discover(client: ProviderClient): Promise<Metadata> {
  return remember(client, 'metadata', () => readMetadata(client))
}

async function readMetadata(client: ProviderClient): Promise<Metadata> {
  const { issuer = '' } = client.facts
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const metadata = await readDocument(client, url)
  // Byte for byte: a trailing slash makes another issuer
  if (metadata['issuer'] !== issuer) throw discoveryFailed(client, 'it names another issuer')
  const needed = ['authorization_endpoint', 'token_endpoint', 'jwks_uri']
  for (const name of [...needed, ...Object.keys(metadata)]) {
    // Human-readable pages are never asked for and may be anything
    const isAddress = /(_endpoint|_uri)$/.test(name) && !/^op_(policy|tos)_uri$/.test(name)
    if (isAddress && !isEndpoint(metadata[name], issuer)) {
      throw discoveryFailed(client, `"${name}" is not an absolute https URL`)
    }
  }
  return metadata as unknown as Metadata // its addresses were looked at just now
}

/** Reads a JSON object that describes the provider; anything else is `discovery_failed`. */
export async function readDocument(
  client: ProviderClient,
  url: string,
): Promise<Record<string, unknown>> {
  const headers = { accept: 'application/json, application/jwk-set+json' }
  const response = await client.http.send(url, { headers })
  const { status } = response
  if (status >= 500 || status === 429) throw await answerError(response, client)
  const document = status === 200 ? await objectIn(response) : null
  if (document) return document
  throw discoveryFailed(client, `status ${status} and no JSON object`)
}

/** An error that says what is wrong with what the provider publishes. */
export function discoveryFailed({ name }: ProviderClient, reason: string): DanceError {
  const message = `Cannot use the metadata of provider "${name}": ${reason}`
  return new DanceError('discovery_failed', message)
}

// Of a provider elsewhere, an address on this very machine is not its own; blanks, quotes and `$(` are meant for a shell.
function isEndpoint(value: unknown, issuer: string): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false
  if (/[^\x21-\x7e]|["'<>\\^`{|}]|\$\(/.test(value)) return false
  const url = new URL(value)
  return isSecureAddress(url) && (url.protocol === 'https:' || issuer.startsWith('http:'))
}
