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

/** What a person is told about an error. Nothing in it comes from the request or the provider. */
export function textFor(error: DanceError): { title: string; text: string } {
  const found = texts.find(([codes]) => codes.split(' ').includes(error.code))
  const [title, text] = found ? [found[1], found[2]] : fallback
  return { title, text }
}

function escapeHTML(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

const fallback: [string, string] = ['Something went wrong', 'Please try again in a moment.']

const again = 'Nothing was connected. Please start again.'

// The codes, a title, and what to do.
const texts: [codes: string, title: string, text: string][] = [
  [
    'origin_missing',
    'This site is not set up yet',
    'Its people must set the option "origin", or DANCE_ORIGIN, to its public address.',
  ],
  ['not_found origin_not_allowed method_not_allowed', 'Nothing here', 'There is no such page.'],
  ['cross_origin', 'Stopped for your safety', 'Please do this from this site itself.'],
  ['login_forbidden scope_not_allowed', 'Not allowed', 'You cannot do that here.'],
  ['login_required', 'Not connected', 'This needs a connected account.'],
  ['scope_required scope_refused', 'A permission is missing', 'You can be asked for it again.'],
  ['owner_required', 'Please sign in first', 'Nobody is signed in, so nothing was connected.'],
  ['owner_mismatch', 'Somebody else began this login', again],
  [
    'account_in_use',
    'This account is already connected',
    'It belongs to another user of this site.',
  ],
  ['account_mismatch', 'That is another account', 'Nothing was changed.'],
  ['flow_missing', 'This login is over', 'It is finished already, or began in another browser.'],
  ['flow_expired', 'The login took too long', again],
  ['access_denied', 'Not connected', 'You declined, so nothing was connected.'],
  [
    'cookies_blocked',
    'Cookies are needed',
    'Please allow cookies for this site, then start again.',
  ],
  [
    'state_missing state_mismatch callback_invalid issuer_mismatch id_token_invalid provider_error grant_refused token_missing provider_bad_response',
    'The login did not work',
    again,
  ],
  [
    'provider_unavailable provider_timeout provider_unreachable discovery_failed owner_failed storage_failed',
    'Please try again',
    'Another service did not answer. Nothing was lost.',
  ],
]
