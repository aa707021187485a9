const secretParameters = [
  'code',
  'state',
  'id_token',
  'access_token',
  'oauth_token',
  'oauth_verifier',
]

/** A copy of a request that handlers may see and log: without body, the answer's secrets and the dance's own cookies. */
export function scrubRequest(request: Request, cookieName: string): Request {
  const url = new URL(request.url)
  for (const name of secretParameters) url.searchParams.delete(name)
  const headers = new Headers(request.headers)
  const own = new RegExp(`^[ \\t]*(__Host-)?${cookieName}\\.`)
  const kept = (headers.get('cookie') ?? '').split(';').filter((part) => !own.test(part))
  if (kept.join('').trim() === '') headers.delete('cookie')
  else headers.set('cookie', kept.join(';').trim())
  return new Request(url.href, { method: request.method, headers })
}
