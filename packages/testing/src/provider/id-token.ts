import { base64url, CompactSign } from 'jose'
import type { Grant, Server } from './server.ts'
import { serverTime } from './server.ts'
import type { IdTokenParts } from './settings.ts'

/** Makes the id_token of a grant (OpenID Connect Core, section 2), through the `tamper.idToken` hook. */
export async function makeIdToken(
  server: Server,
  grant: Grant,
  nonce: string | null,
): Promise<string> {
  const { kid, alg } = await server.keys.current()
  const parts: IdTokenParts = {
    header: { alg, kid, typ: 'JWT' },
    claims: { ...claimsOf(server, grant), ...(nonce === null ? {} : { nonce }) },
  }
  const tampered = (await server.settings.tamper.idToken?.(parts)) ?? parts
  const token = typeof tampered === 'string' ? tampered : await signParts(server, tampered)
  server.secrets.add(token)
  return token
}

/** Signs parts as they say: truly, not at all, or wrongly. */
export async function signParts(server: Server, parts: IdTokenParts): Promise<string> {
  const payload = encodeJson(parts.claims)
  if (parts.signature === 'none')
    return `${base64url.encode(encodeJson(parts.header))}.${base64url.encode(payload)}.`
  if (parts.signature === 'broken') {
    const noise = base64url.encode(crypto.getRandomValues(new Uint8Array(256)))
    return `${base64url.encode(encodeJson(parts.header))}.${base64url.encode(payload)}.${noise}`
  }
  const key = parts.key ?? (await server.keys.current()).privateKey
  const alg = String(parts.header.alg)
  const critical = Array.isArray(parts.header.crit) ? parts.header.crit : []
  return new CompactSign(payload)
    .setProtectedHeader({ ...parts.header, alg })
    .sign(key, { crit: Object.fromEntries(critical.map((name) => [String(name), true])) })
}

function claimsOf(server: Server, grant: Grant): Record<string, unknown> {
  const now = Math.floor(serverTime(server))
  return {
    iss: server.issuer,
    aud: server.clientId,
    iat: now,
    exp: now + 300,
    auth_time: now,
    ...personClaims(grant),
  }
}

/** The claims about the person that the granted scopes open (OpenID Connect Core, section 5.4). */
export function personClaims({ person, scopes }: Grant): Record<string, unknown> {
  return {
    sub: person.id,
    ...(scopes.includes('profile') ? { name: person.name, preferred_username: person.login } : {}),
    ...(scopes.includes('email')
      ? { email: person.email, email_verified: person.emailVerified }
      : {}),
  }
}

function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}
