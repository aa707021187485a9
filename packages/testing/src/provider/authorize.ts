import { escapeHtml, pageAnswer, repeatedParameter } from './answers.ts'
import { newSecret, type Server, serverTime } from './server.ts'

const codeLife = 60

/**
 * The authorization endpoint (RFC 6749, section 4.1). The person is signed in already and answers at once,
 * as `consent` says.
 */
export function answerAuthorize(server: Server, params: URLSearchParams): Response {
  const redirectUri = params.get('redirect_uri')
  if (params.get('client_id') !== server.clientId) return refusalPage('This app is not known here.')
  if (redirectUri === null || !isAllowedRedirect(server, redirectUri)) {
    return refusalPage('This redirect_uri is not registered.')
  }
  const problem = problemOf(server, params)
  const answer = new URLSearchParams(problem ?? decide(server, params, redirectUri))
  const state = params.get('state')
  if (state !== null) answer.set('state', state)
  const { iss, tamper } = server.settings
  if (iss !== false) answer.set('iss', iss === true ? server.issuer : iss)
  tamper.authorization?.(answer)
  return params.get('response_mode') === 'form_post'
    ? formPost(redirectUri, answer)
    : redirect(redirectUri, answer)
}

function isAllowedRedirect(server: Server, redirectUri: string): boolean {
  if (!URL.canParse(redirectUri)) return false
  const { protocol, hash, hostname } = new URL(redirectUri)
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  if (hash !== '' || !(protocol === 'https:' || (protocol === 'http:' && isLoopback))) return false
  return server.settings.redirectUris?.includes(redirectUri) ?? true
}

/** An error to send back to the app, if the request deserves one (RFC 6749, section 4.1.2.1; RFC 7636, section 4.4.1). */
function problemOf(server: Server, params: URLSearchParams): Record<string, string> | undefined {
  const invalid = (description: string) => ({
    error: 'invalid_request',
    error_description: description,
  })
  const repeated = repeatedParameter(params)
  if (repeated !== undefined) return invalid(`${repeated} stands twice`)
  if (params.get('response_type') !== 'code') return { error: 'unsupported_response_type' }
  if (!['query', 'form_post', null].includes(params.get('response_mode'))) {
    return invalid('response_mode is not supported')
  }
  const challenge = params.get('code_challenge')
  if (challenge === null && server.settings.pkce === 'required')
    return invalid('code_challenge is missing')
  if (challenge !== null && params.get('code_challenge_method') !== 'S256') {
    return invalid('code_challenge_method must be S256')
  }
  if (challenge !== null && !/^[\w-]{43}$/.test(challenge))
    return invalid('code_challenge is malformed')
  return undefined
}

function decide(
  server: Server,
  params: URLSearchParams,
  redirectUri: string,
): Record<string, string> {
  const asked = (params.get('scope') ?? '').split(/[ ,]+/).filter((scope) => scope !== '')
  const isKnown = [...server.grants].some(
    (grant) =>
      !grant.ended &&
      grant.person.id === server.settings.person.id &&
      asked.every((scope) => grant.asked.includes(scope)),
  )
  if (!isKnown || params.get('prompt')?.split(' ').includes('consent') === true)
    server.consents += 1
  if (server.settings.consent === 'deny') {
    return { error: 'access_denied', error_description: 'The person said no' }
  }
  const { person, granted } = server.settings
  const code = newSecret(server, 'code')
  server.codes.set(code, {
    grant: { person, asked, scopes: granted ?? asked, ended: false },
    redirectUri,
    challenge: params.get('code_challenge'),
    nonce: params.get('nonce'),
    expiresAt: serverTime(server) + codeLife,
    used: false,
  })
  return { code }
}

function redirect(redirectUri: string, answer: URLSearchParams): Response {
  const location = new URL(redirectUri)
  for (const [name, value] of answer) location.searchParams.append(name, value)
  return new Response(null, {
    status: 302,
    headers: { location: location.href, 'cache-control': 'no-store' },
  })
}

/** A form that submits itself (OAuth 2.0 Form Post Response Mode, section 2). */
function formPost(redirectUri: string, answer: URLSearchParams): Response {
  const inputs = [...answer].map(
    ([name, value]) =>
      `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  )
  const form = `<form method="post" action="${escapeHtml(redirectUri)}">${inputs.join('')}</form>`
  return pageAnswer(200, 'One moment', `${form}<script>document.forms[0].submit()</script>`)
}

function refusalPage(text: string): Response {
  return pageAnswer(400, 'This request cannot be answered', `<p>${escapeHtml(text)}</p>`)
}
