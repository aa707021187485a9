import type { Protocol } from './protocol.ts'

/** Bearer credentials in the header (RFC 6750 section 2.1), over whatever the caller sent. */
export const bearer: Protocol['authorize'] = async (token, { headers }) => {
  const authorized = new Headers(headers)
  authorized.set('authorization', `Bearer ${token.accessToken}`)
  return authorized
}
