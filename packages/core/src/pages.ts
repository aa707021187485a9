import type { DanceError, DanceErrorCode } from './errors.ts'

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
<meta name="robots" content="noindex">
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
  const [title, text] = texts[error.code] ?? fallback
  return { title, text }
}

function escapeHTML(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

const fallback: [string, string] = [
  'Something went wrong',
  'This was not your fault. Please try again in a moment; if it happens again, tell the people who run this site.',
]
const setup: [string, string] = [
  'This site is not set up yet',
  'Its login is missing a setting. The people who run this site can find it in its log.',
]
const strange: [string, string] = [
  'The login could not be checked',
  'The answer of the other site did not hold up, so nothing was connected. Please start again.',
]
const busy: [string, string] = [
  'The other site does not answer',
  'Nothing was lost. Please try again in a moment.',
]
const texts: Partial<Record<DanceErrorCode, [string, string]>> = {
  option_invalid: setup,
  not_found: ['Nothing here', 'There is no such page.'],
  method_not_allowed: ['That does not work here', 'This address cannot be used in that way.'],
  request_invalid: ['That request was not understood', 'Please go back and try again.'],
  request_too_large: ['That request is too long', 'Please go back and try again.'],
  cross_origin: [
    'Stopped for your safety',
    'This request came from another site. Please do it from this site itself.',
  ],
  origin_missing: [
    'This site is not set up yet',
    'Its public address is not known. The people who run it must set the option "origin", or DANCE_ORIGIN, such as https://app.example.',
  ],
  origin_not_allowed: ['Nothing here', 'This site does not answer at this address.'],
  login_forbidden: ['Not allowed', 'You cannot connect an account here.'],
  login_required: ['Not connected', 'This needs a connected account.'],
  scope_required: [
    'One more permission is needed',
    'This needs a permission you have not given yet.',
  ],
  scope_refused: [
    'A permission is missing',
    'This needs a permission that was not given at the last login. You can be asked again.',
  ],
  scope_not_allowed: ['That permission cannot be asked for', 'This site does not offer it.'],
  owner_required: ['Please sign in first', 'Nobody is signed in here, so nothing was connected.'],
  owner_mismatch: [
    'The login was begun by somebody else',
    'You have signed in or out since it began, so nothing was connected. Please start again.',
  ],
  owner_failed: busyHere(),
  storage_failed: busyHere(),
  account_in_use: [
    'This account is already connected',
    'It belongs to another user of this site. Nothing was changed.',
  ],
  account_mismatch: [
    'That is another account',
    'The login was meant for a different account. Nothing was changed.',
  ],
  flow_missing: [
    'This login is over',
    'It is already finished, or was begun in another browser. If you are not connected yet, start again.',
  ],
  flow_expired: ['The login took too long', 'Nothing was connected. Please start again.'],
  state_missing: strange,
  state_mismatch: strange,
  callback_invalid: strange,
  issuer_mismatch: strange,
  id_token_invalid: strange,
  access_denied: ['Not connected', 'You declined, so nothing was connected.'],
  cookies_blocked: [
    'Cookies are needed',
    'Your browser does not keep the cookie that protects this login. Please allow cookies for this site and start again.',
  ],
  provider_error: ['The other site reported an error', 'Nothing was connected. Please try again.'],
  grant_refused: [
    'The login was not accepted',
    'The other site did not accept it, so nothing was connected. Please start again.',
  ],
  provider_unavailable: busy,
  provider_timeout: busy,
  provider_unreachable: busy,
}

function busyHere(): [string, string] {
  return ['Please try again', 'This site could not look something up. Nothing was lost.']
}
