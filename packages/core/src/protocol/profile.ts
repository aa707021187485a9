import { DanceError } from '../errors.ts'
import type { Profile, Token } from '../facts.ts'
import { isObject, objectIn } from './json-object.ts'
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
    const message = `Cannot read a profile: provider "${client.name}" has no "profile.url"`
    throw new DanceError('not_supported', message)
  }
  const request = {
    method: 'GET',
    url: new URL(url),
    headers: new Headers({ accept: 'application/json', ...client.facts.apiHeaders }),
    body: null,
  }
  const headers = await client.protocol.authorize(token, request)
  const response = await client.http.send(url, { headers })
  if (response.status === 401) {
    throw new DanceError('grant_refused', 'Cannot read the profile: the provider refuses the token')
  }
  if (!response.ok) throw await answerError(response, client, [token.accessToken])
  const answer = await objectIn(response)
  const { profileMember } = client.facts.quirks ?? {}
  const raw = profileMember ? answer?.[profileMember] : answer
  return profileOf(isObject(raw) ? raw : null, client)
}

/** Maps a raw profile by the provider's `map`, else by the names most providers and OIDC use. */
export function profileOf(raw: Record<string, unknown> | null, client: ProviderClient): Profile {
  const map = client.facts.profile?.map ?? standardProfile
  try {
    // `map` was written for this provider's raw profile; the facts of all providers share one type
    const mapped = (map as (raw: unknown) => Partial<Profile>)(raw)
    const id: unknown = mapped.id ?? raw?.['sub'] ?? raw?.['id']
    if (raw && id !== '' && (typeof id === 'string' || typeof id === 'number')) {
      return { ...mapped, id: String(id), raw }
    }
  } catch {} // it met another answer than it was written for
  throw new DanceError('provider_bad_response', 'Cannot read the profile: it names no account')
}

function standardProfile(raw: Record<string, unknown>): Partial<Profile> {
  const members = [
    ['name', raw['name'], 'string'],
    ['email', raw['email'], 'string'],
    ['emailVerified', raw['email_verified'], 'boolean'],
    ['picture', raw['picture'], 'string'],
  ]
  return Object.fromEntries(members.filter(([, value, type]) => typeof value === type))
}
