import type { Fault } from '@fetch-dance/testing'
import type { DanceErrorCode } from 'fetch-dance'

/** What a token endpoint answers wrongly, and what it must come to at a login and at a refresh. */
export interface TokenFault {
  readonly fault: Omit<Fault, 'endpoint'>
  readonly code: DanceErrorCode
  /** The status of the callback's answer. */
  readonly status: number
  /** Members the error's cause has. */
  readonly cause?: Readonly<Record<string, unknown>>
}

/** Stands where a token stands in a bad answer: it must not be seen anywhere. */
export const planted = 'planted-canary-0123456789'

const html = '<!doctype html><title>Oh no</title>'

/** Answers that are no token answers, by the ids of their cases. */
export const tokenFaults: Readonly<Record<string, TokenFault>> = {
  'F-30T 200 with HTML': bad({ body: html, headers: { 'content-type': 'text/html' } }, 200),
  'F-30T 200 with HTML that says it is JSON': bad({ body: html, headers: json() }, 200),
  'F-30T 502 with HTML': unavailable({ status: 502, body: html }, 502),
  'F-30T NX-06 500 with text': unavailable({ status: 500, body: 'oops' }, 500),
  'F-30T 503 with invalid_grant': unavailable(
    { status: 503, body: { error: 'invalid_grant' } },
    503,
  ),
  'F-31T 200 with the error of GitHub': error(
    { body: { error: 'bad_verification_code' } },
    'bad_verification_code',
  ),
  'F-31T 200 with the error of Slack': error(
    { body: { ok: false, error: 'invalid_code' } },
    'invalid_code',
  ),
  'F-31T NX-06 an error beside a token': error(
    { body: { access_token: planted, token_type: 'bearer', error: 'oops' } },
    'oops',
  ),
  'F-31T 200 with invalid_grant': refused({ body: { error: 'invalid_grant' } }),
  'F-31T 401 invalid_client': error({ status: 401 }, 'invalid_client'),
  'F-31T 400 invalid_request': error(
    { status: 400, body: { error: 'invalid_request' } },
    'invalid_request',
  ),
  'F-31T 400 with HTML': bad({ status: 400, body: html }, 400),
  'F-32T a nested token': missing({ body: { ok: true, authed_user: { access_token: planted } } }),
  'F-32T a form': bad(
    {
      body: `access_token=${planted}&token_type=bearer`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    },
    200,
  ),
  'F-32T no token_type': bad({ body: { access_token: planted } }),
  'F-32T token_type mac': bad({ body: { access_token: planted, token_type: 'mac' } }),
  'F-32T token_type in a list': bad({ body: { access_token: planted, token_type: ['bearer'] } }),
  'F-32T a list of scopes': bad({ body: answer({ scope: ['a', 'b'] }) }),
  'F-32T 201': bad({ status: 201, body: answer() }, 201),
  'F-32T 204': bad({ status: 204, body: '' }, 204),
  'F-32T text/javascript': bad(
    { body: JSON.stringify(answer()), headers: { 'content-type': 'text/javascript' } },
    200,
  ),
  'F-34T NX-06 passport-oauth2 1.6.1 {}': missing({ body: {} }),
  'F-34T an empty token': missing({ body: answer({ access_token: '' }) }),
  'F-34T a null token': missing({ body: answer({ access_token: null }) }),
  'F-34T a number': bad({ body: answer({ access_token: 7 }) }),
  'F-34T a list CVE-2022-35924': bad({ body: answer({ access_token: [planted] }) }),
  'F-34T CR and LF': bad({ body: answer({ access_token: `${planted}\r\nx-evil: 1` }) }),
  'F-34T NUL': bad({ body: answer({ access_token: `${planted}\0` }) }),
  'F-34T a space': bad({ body: answer({ access_token: `${planted} x` }) }),
  'F-34T non-ASCII': bad({ body: answer({ access_token: `${planted}ü` }) }),
  'F-34T 1 MB': bad({ body: answer({ access_token: planted.repeat(40_000) }) }),
  'F-35T a refresh token that is a number': bad({ body: answer({ refresh_token: 7 }) }),
  'F-35T a refresh token in a list': bad({ body: answer({ refresh_token: [planted] }) }),
  'F-35T a refresh token with LF': bad({ body: answer({ refresh_token: `${planted}\n` }) }),
  'F-36T a list': bad({ body: [answer()] }),
  'F-36T null': bad({ body: null }),
  'F-36T a text': bad({ body: JSON.stringify(planted), headers: json() }, 200),
  'F-36T NX-06 JSON that ends too early': bad(
    { body: `{"access_token":"${planted}"`, headers: json() },
    200,
  ),
  'F-36T an empty body': bad({ body: '', headers: json() }, 200),
  'F-36T a hundred thousand lists in each other': bad({
    body: '['.repeat(100_000),
    headers: json(),
  }),
  'F-37T 200 MiB': bad({ huge: 209_715_200 }),
  'F-37T 100 kB': bad({ huge: 100_000 }),
  'F-39T 302': bad({ redirect: 'https://fake.test/token' }, 302),
  'F-39T 307 to another host': bad({ status: 307, redirect: 'https://evil.test/token' }, 307),
  'F-39T 308 to a private address': bad({ status: 308, redirect: 'https://169.254.169.254/' }, 308),
  'F-39T 301 to http': bad({ status: 301, redirect: 'http://fake.test/token' }, 301),
  'F-39T 303': bad({ status: 303, redirect: 'https://evil.test/token' }, 303),
  'F-40T 429': unavailable({ status: 429, body: { error: 'slow_down' } }, 429),
  'F-41T NX-06 400 invalid_grant': refused({ status: 400 }),
  'F-43T NX-06 a network error': {
    fault: { networkError: true },
    code: 'provider_unreachable',
    status: 502,
  },
}

/** A good token answer with some members changed. */
export function answer(changes: object = {}): Record<string, unknown> {
  return { access_token: planted, token_type: 'bearer', expires_in: 3600, ...changes }
}

/** The header that makes a text count as JSON. */
export function json(): Record<string, string> {
  return { 'content-type': 'application/json' }
}

function bad(fault: TokenFault['fault'], status?: number): TokenFault {
  const cause = status === undefined ? {} : { cause: { status } }
  return { fault, code: 'provider_bad_response', status: 502, ...cause }
}

function missing(fault: TokenFault['fault']): TokenFault {
  return { fault, code: 'token_missing', status: 502 }
}

function unavailable(fault: TokenFault['fault'], status: number): TokenFault {
  return { fault, code: 'provider_unavailable', status: 503, cause: { status } }
}

function error(fault: TokenFault['fault'], name: string): TokenFault {
  return { fault, code: 'provider_error', status: 502, cause: { error: name } }
}

function refused(fault: TokenFault['fault']): TokenFault {
  return { fault, code: 'grant_refused', status: 400, cause: { error: 'invalid_grant' } }
}
