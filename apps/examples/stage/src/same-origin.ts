/** Whether a form comes from one of the app's own pages: browsers say so, and no other site can make them lie. */
export function isSameOrigin(request: Request, origin: string | undefined): boolean {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin'
  return request.headers.get('origin') === (origin || new URL(request.url).origin)
}
