/** A page that tells a person what happened and what to do: static, escaped, without script or style. */
export interface Page {
  readonly status: number
  /** Reads "Title: text". */
  readonly message: string
  /** Path of a login route, for the one link it offers. */
  readonly href?: string | undefined
  /** For the developer, in development only. */
  readonly notes?: readonly string[]
}

const policy = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

/** Renders a page. */
export function pageAnswer({ status, message, href, notes = [] }: Page): Response {
  const [title = '', text = ''] = escapeHTML(message).split(': ')
  const link = href === undefined ? '' : `<p><a href="${escapeHTML(href)}">Log in</a></p>`
  const details = notes.map((note) => `<p><small>${escapeHTML(note)}</small></p>`).join('')
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<main>
<h1>${title}</h1>
<p>${text.charAt(0).toUpperCase()}${text.slice(1)}.</p>
${link}${details}
</main>
`
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }
  return new Response(html, { status, headers })
}

function escapeHTML(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
