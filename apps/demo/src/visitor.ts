const cookieName = 'demo-visitor'

/** The random id of the browser that sent the request; `null` before its first page. */
export function visitorOf(request: Request | undefined): string | null {
  const cookies = request?.headers.get('cookie') ?? ''
  return /(?:^|; )demo-visitor=([\w-]{36})(?:;|$)/.exec(cookies)?.[1] ?? null
}

/** A `Set-Cookie` value that gives a browser its id. */
export function newVisitorCookie(): string {
  return `${cookieName}=${crypto.randomUUID()}; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400`
}
