/** Longest path a visitor can be sent back to, in characters; a flow must fit into a cookie. */
const longest = 2048

/**
 * The path, query and fragment a visitor may be sent to, or null. What is checked is the resolved and normalised
 * path, and it is also what is returned: a URL parser turns `/.//host` into `//host`.
 *
 * @param input A path, or a URL of this origin; anything else is null.
 * @param origin The origin in use.
 */
export function safeReturnTo(input: string | null | undefined, origin: string): string | null {
  if (typeof input !== 'string' || input.length > longest) return null
  const path = input.startsWith(`${origin}/`) ? input.slice(origin.length) : input
  if (!path.startsWith('/') || hasUnsafe(path) || !URL.canParse(path, origin)) return null
  const url = new URL(path, origin)
  if (url.origin !== origin || !isPlainPath(url.pathname)) return null
  const normalised = url.pathname + url.search + url.hash
  return normalised.length > longest ? null : normalised
}

// Decoded once, as a router behind us would: controls and a second meaning of the path are refused.
function isPlainPath(pathname: string): boolean {
  try {
    return !hasUnsafe(decodeURIComponent(pathname))
  } catch {
    return false
  }
}

// Two slashes begin a host, a backslash is read as a slash; controls and half characters are dropped or replaced.
function hasUnsafe(text: string): boolean {
  return /^\/\/|[\\\p{Cc}\p{Cs}]/u.test(text)
}
