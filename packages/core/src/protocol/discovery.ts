import type { AuthorizationServer } from 'oauth4webapi'
import { DanceError } from '../errors.ts'
import { documentCap, isSecureAddress } from '../http.ts'
import type { ProviderClient } from './protocol.ts'
import { answerError } from './provider-answer.ts'
import { remember } from './remember.ts'

const life = 3_600_000

/**
 * The provider's metadata (OpenID Connect Discovery 1.0 section 4), read once an hour.
 * Throws `discovery_failed`, `provider_*`, `address_refused`.
 */
export function discover(client: ProviderClient): Promise<AuthorizationServer> {
  return remember(client, 'metadata', life, () => readMetadata(client))
}

async function readMetadata(client: ProviderClient): Promise<AuthorizationServer> {
  const { issuer = '', revocationEndpoint } = client.facts
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const headers = { accept: 'application/json' }
  const response = await client.http.send(url, { headers }, { cap: documentCap })
  const metadata = await jsonDocument(response, client, 'metadata')
  // Byte for byte: a trailing slash makes another issuer
  if (metadata['issuer'] !== issuer) throw failed(client, 'it names another issuer')
  for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri']) {
    if (metadata[name] === undefined) throw failed(client, `it lacks "${name}"`)
  }
  for (const [name, value] of Object.entries(metadata)) {
    if (/(_endpoint|_uri)$/.test(name)) checkAddress(client, name, value)
  }
  const server = { ...metadata, issuer }
  return revocationEndpoint === undefined
    ? server
    : { ...server, revocation_endpoint: revocationEndpoint }
}

/** Reads a JSON object that describes the provider; anything else is `discovery_failed`. */
export async function jsonDocument(
  response: Response,
  client: ProviderClient,
  what: string,
): Promise<Record<string, unknown>> {
  if (response.status >= 500 || response.status === 429) throw await answerError(response, client)
  const value: unknown = response.status === 200 ? await response.json().catch(() => null) : null
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value))
  }
  throw failed(client, `${what}: status ${response.status} and no JSON object`)
}

function checkAddress(client: ProviderClient, name: string, value: unknown): void {
  // Human-readable pages are never asked for and may be anything
  if (name === 'op_policy_uri' || name === 'op_tos_uri') return
  if (!isEndpoint(value, client)) throw failed(client, `"${name}" is not an absolute https URL`)
}

// Of a provider elsewhere, an address on this very machine is not its own; blanks, quotes and `$(` are meant for a shell.
function isEndpoint(value: unknown, { facts }: ProviderClient): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false
  if (/[^\x21-\x7e]|["'<>\\^`{|}]|\$\(/.test(value)) return false
  const url = new URL(value)
  return (
    isSecureAddress(url) &&
    (url.protocol === 'https:' || facts.issuer?.startsWith('http:') === true)
  )
}

function failed(client: ProviderClient, reason: string): DanceError {
  return new DanceError(
    'discovery_failed',
    `Cannot use the metadata of provider "${client.name}": ${reason}`,
  )
}
