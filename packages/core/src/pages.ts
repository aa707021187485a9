import type { DanceError } from './errors.ts'

/** A page that tells a person what happened and what to do: static, escaped, without script or style. */
export interface Page {
  readonly status: number
  readonly title: string
  readonly text: string
  /** The one link it offers. */
  readonly link?: { readonly href: string; readonly text: string } | undefined
  /** For the developer, in development only. */
  readonly notes?: readonly string[]
}

const policy = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

/** Renders a page. */
export function pageAnswer({ status, title, text, link, notes = [] }: Page): Response {
  const action = link
    ? `<p><a href="${escapeHTML(link.href)}">${escapeHTML(link.text)}</a></p>`
    : ''
  const details = notes.map((note) => `<p><small>${escapeHTML(note)}</small></p>`).join('')
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHTML(title)}</title>
</head>
<body>
<main>
<h1>${escapeHTML(title)}</h1>
<p>${escapeHTML(text)}</p>
${action}${details}
</main>
</body>
</html>
`
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }
  return new Response(html, { status, headers })
}

/**
 * What a person is told about an error. What they can mend, or who set the site up, is in its message: "Cannot X: reason".
 * Nothing in it comes from the request or the provider.
 */
export function textFor({ code, status, message }: DanceError): { title: string; text: string } {
  if (status > 500)
    return { title: 'Please try again', text: 'Another service failed. Nothing is lost.' }
  if (status === 500 && code !== 'origin_missing') {
    return {
      title: 'Something went wrong',
      text: 'It is the fault of this site. Please try again later.',
    }
  }
  const [title = '', reason = ''] = message.split(': ')
  return { title, text: `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.` }
}

function escapeHTML(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
