/** An app's own session, as plain as it gets: a cookie that names the user. */
export function userOf(request: Request): string | null {
  return /(?:^|; )session=([^;]*)/.exec(request.headers.get('cookie') ?? '')?.[1] ?? null
}

/** Signs a user in: the Set-Cookie of that session. */
export function sessionCookie(user: string): string {
  return `session=${user}; Path=/; HttpOnly; Secure; SameSite=Lax`
}

/** The browser of somebody who is signed in to the app. */
export function signIn<J extends { store(response: Response, url: string): void }>(
  jar: J,
  user: string,
  url = 'https://app.test/',
): J {
  const headers = { 'set-cookie': sessionCookie(user) }
  jar.store(new Response(null, { headers }), url)
  return jar
}
