/** Whether a request wants JSON: it accepts that and no page. */
export function wantsJSON(request: Request): boolean {
  const accept = request.headers.get('accept') ?? ''
  return accept.includes('application/json') && !accept.includes('text/html')
}

/** Whether a request is a visitor going somewhere: `Sec-Fetch-Mode: navigate`, else it accepts a page. */
export function isNavigation(request: Request): boolean {
  const mode = request.headers.get('sec-fetch-mode')
  if (mode !== null) return mode === 'navigate'
  return (request.headers.get('accept') ?? '').includes('text/html')
}

/** A redirect whose headers can still be added to. */
export function redirectTo(location: string, status: 302 | 303): Response {
  return new Response(null, { status, headers: { location } })
}

/** Sends a visitor on; a script is told where to go. */
export function sendTo(request: Request, url: string, status: 302 | 303): Response {
  return wantsJSON(request) ? Response.json({ url }) : redirectTo(url, status)
}

/** What every answer of the dance carries, also one that a handler gave: not stored, no referrer, no sniffing. */
export function secureAnswer(response: Response): Response {
  // where a runtime copies a network error without a word
  if (response.status === 0) throw new TypeError('no answer')
  const copy = new Response(response.body, response)
  copy.headers.set('cache-control', 'no-store')
  copy.headers.set('referrer-policy', 'no-referrer')
  copy.headers.set('x-content-type-options', 'nosniff')
  return copy
}
