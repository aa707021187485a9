/** A JSON answer that no cache keeps (RFC 6749, section 5.1). */
export function jsonAnswer(
  body: unknown,
  status = 200,
  headers?: Record<string, string>,
): Response {
  return Response.json(body, {
    status,
    headers: { 'cache-control': 'no-store', pragma: 'no-cache', ...headers },
  })
}

/** An error of the token or revocation endpoint (RFC 6749, section 5.2). */
export function errorAnswer(
  error: string,
  description: string,
  status = 400,
  headers?: Record<string, string>,
): Response {
  return jsonAnswer({ error, error_description: description }, status, headers)
}

/** A refusal of a protected resource (RFC 6750, section 3). */
export function bearerRefusal(
  error?: 'invalid_token' | 'insufficient_scope',
  scope?: string,
): Response {
  const details = [
    'realm="fake"',
    ...(error === undefined ? [] : [`error="${error}"`]),
    ...(scope === undefined ? [] : [`scope="${scope}"`]),
  ]
  const status = error === 'insufficient_scope' ? 403 : 401
  const body = { error: error ?? 'unauthorized', message: 'Not with this token' }
  return jsonAnswer(body, status, { 'www-authenticate': `Bearer ${details.join(', ')}` })
}

/** A page a person would see. */
export function pageAnswer(status: number, title: string, body: string): Response {
  const html = `<!doctype html><html lang="en"><title>${escapeHtml(title)}</title><body>${body}</body></html>`
  return new Response(html, {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  })
}

/** Text made safe for HTML, attributes included. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** The first parameter that stands twice (forbidden by RFC 6749, sections 3.1 and 3.2). */
export function repeatedParameter(params: URLSearchParams): string | undefined {
  const names = [...params.keys()]
  return names.find((name, index) => names.indexOf(name) !== index)
}
