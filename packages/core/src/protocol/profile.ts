import { DanceError } from '../errors.ts'
import type { Profile, Token } from '../facts.ts'
import { documentCap } from '../http.ts'
import type { ProviderClient } from './protocol.ts'
import { answerError } from './provider-answer.ts'

/**
 * Asks the provider who the account is.
 *
 * @param url Where; by default the provider's `profile.url`.
 * Throws `not_supported` without one, `grant_refused` on 401, and `provider_*`.
 */
export async function fetchProfile(
  client: ProviderClient,
  token: Token,
  url: string | undefined = client.facts.profile?.url,
): Promise<Profile> {
  if (url === undefined) {
    const message = `Cannot read a profile: provider "${client.name}" declares none; give it "profile.url"`
    throw new DanceError('not_supported', message)
  }
  const headers = new Headers({ accept: 'application/json', ...client.facts.apiHeaders })
  const address = new URL(url)
  const request = { method: 'GET', url: address, headers, body: null }
  const authorized = await client.protocol.authorize(token, request)
  const response = await client.http.send(url, { headers: authorized }, { cap: documentCap })
  return profileOf(await rawProfile(response, client, token), client)
}

async function rawProfile(
  response: Response,
  client: ProviderClient,
  { accessToken }: Token,
): Promise<Record<string, unknown>> {
  if (response.status === 401) {
    throw new DanceError('grant_refused', 'Cannot read the profile: the provider refuses the token')
  }
  if (!response.ok) throw await answerError(response, client, [accessToken])
  const raw: unknown = await response.json().catch(() => null)
  if (typeof raw === 'object' && raw !== null && !Array.isArray(raw)) {
    return Object.fromEntries(Object.entries(raw))
  }
  throw new DanceError('provider_bad_response', 'Cannot read the profile: it is not a JSON object')
}

/** Maps a raw profile by the provider's `map`, else by the names most providers and OIDC use. */
export function profileOf(raw: Record<string, unknown>, client: ProviderClient): Profile {
  const map = client.facts.profile?.map ?? standardProfile
  let mapped: Partial<Profile>
  try {
    // `map` was written for this provider's raw profile; the facts of all providers share one type
    mapped = (map as (raw: Record<string, unknown>) => Partial<Profile>)(raw)
  } catch {
    mapped = { id: '' } // it met another answer than it was written for
  }
  const id = mapped.id ?? raw['sub'] ?? raw['id']
  if ((typeof id !== 'string' && typeof id !== 'number') || id === '') {
    throw new DanceError('provider_bad_response', 'Cannot read the profile: it names no account')
  }
  return { ...mapped, id: String(id), raw }
}

function standardProfile(raw: Record<string, unknown>): Partial<Profile> {
  const text = (name: string) => {
    const value = raw[name]
    return typeof value === 'string' ? value : undefined
  }
  const verified = raw['email_verified']
  const profile = { name: text('name'), email: text('email'), picture: text('picture') }
  return {
    ...Object.fromEntries(Object.entries(profile).filter(([, value]) => value !== undefined)),
    ...(typeof verified === 'boolean' && { emailVerified: verified }),
  }
}
