import type { WireAnswer } from './wire.ts'

/**
 * What is compared of an answer, a line each: its status, where it leads, its cookies, and in the dance's own words what
 * it says. What is drawn anew each time is a star.
 *
 * @param issuers The addresses of the providers, which are others in each run.
 */
export function recordedAnswer(
  { status, headers, body }: WireAnswer,
  issuers: Readonly<Record<string, string>>,
): string[] {
  const mask = (text: string) => maskSecrets(text, issuers)
  const location = headers.get('location')
  // a 404 and a 500 are said by whoever answers last
  const isOthers = status === 404 || status === 500
  const isKept = isOthers || !headers.get('cache-control')?.includes('no-store')
  const said = isOthers ? '' : wordsOf(headers, body)
  return [
    String(status),
    ...(location === null ? [] : [`location: ${mask(location)}`]),
    ...headers.getSetCookie().map((cookie) => `set-cookie: ${maskCookie(cookie)}`),
    ...(isKept ? [] : ['cache-control: no-store']),
    ...(said === '' ? [] : [`says: ${mask(said)}`]),
  ]
}

// Only what the dance and the pages say: each server has words of its own for what is broken.
function wordsOf(headers: Headers, body: string): string {
  const type = headers.get('content-type') ?? ''
  if (type.startsWith('application/json')) return body
  if (headers.get('referrer-policy') === 'no-referrer') {
    return [...body.matchAll(/<p>(.*)<\/p>/g)].map(([, paragraph]) => paragraph).join(' ')
  }
  return body.startsWith('page: ') ? body : ''
}

function maskSecrets(text: string, issuers: Readonly<Record<string, string>>): string {
  const named = Object.entries(issuers).reduce(
    (known, [name, issuer]) =>
      known
        .replaceAll(issuer, `https://${name}.test`)
        .replaceAll(encodeURIComponent(issuer), encodeURIComponent(`https://${name}.test`)),
    text,
  )
  return named.replace(/\b(code|state|nonce|code_challenge)=[\w-]{22,}/g, '$1=*')
}

// The attributes stay as they are, in their order, and so does a value that is no seal: an empty one deletes.
function maskCookie(cookie: string): string {
  return cookie.replace(/^(__Host-dance\.(?:flow\.)?)([^=]*)=([^;]*)/, (_, prefix, name, value) => {
    const shown = prefix.endsWith('flow.') && /^[\w-]{12}$/.test(name) ? '*' : name
    return `${prefix}${shown}=${value.replace(/^Fe26\.2\*[\w*-]+$/, '*')}`
  })
}
