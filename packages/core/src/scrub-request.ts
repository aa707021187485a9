// Also `code[]` and `state[0]`: they are refused, and what they hold may be true all the same
const secretParameter = /^(code|state|response|token|\w+_token|oauth_verifier)\b/i

/** A copy of a request that handlers may see and log: without body, the answer's secrets and the dance's own cookies. */
export function scrubRequest(request: Request, cookieName: string): Request {
  const url = new URL(request.url)
  for (const name of [...url.searchParams.keys()]) {
    if (secretParameter.test(name)) url.searchParams.delete(name)
  }
  const headers = new Headers(request.headers)
  const own = new RegExp(`^[ \\t]*(__Host-)?${cookieName}\\.`)
  const kept = (headers.get('cookie') ?? '').split(';').filter((part) => !own.test(part))
  headers.set('cookie', kept.join(';').trim())
  if (headers.get('cookie') === '') headers.delete('cookie')
  return new Request(url.href, { method: request.method, headers })
}
