import { type Requests, submit } from './request.ts'

const logout = '/login/fake/logout'
const callback = '/login/posting/callback'
const answer = 'iss={issuer}&code={code}&state={state}'
const returnTo = 'returnTo=%2Fprofile'
const consume = { headers: { 'x-read-before': 'consume' } }
const clone = { headers: { 'x-read-before': 'clone' } }

/** Bodies that come in pieces, and bodies that somebody read before the dance, or reads in a page. */
export const bodies: Requests = {
  'a logout in pieces': submit(logout, '', { body: ['return', 'To=%2F', 'profile'] }),
  'a logout of 70,000 octets in pieces': submit(logout, '', {
    body: Array.from({ length: 70 }, () => 'a'.repeat(1_000)),
  }),
  'a logout whose form was consumed': submit(logout, returnTo, consume),
  'a logout whose form was cloned': submit(logout, returnTo, clone),
  'a logout in pieces that were cloned': submit(logout, '', { ...clone, body: ['returnTo=', '/'] }),
  'a logout whose empty form was consumed': submit(logout, '', {
    headers: { ...consume.headers, 'content-type': null },
  }),
  'an answer in pieces': submit(callback, '', {
    as: 'posting',
    body: ['iss={issuer}&', 'code={code}&state={state}'],
  }),
  'an answer that was consumed': submit(callback, answer, { as: 'posting', ...consume }),
  'an answer that was cloned': submit(callback, answer, { as: 'posting', ...clone }),
  'a page that reads': submit('/read', returnTo),
  'a page that reads pieces': submit('/read', '', { body: ['a'.repeat(1_000), 'b'] }),
  'a page that reads, of a stranger': submit('/read', returnTo, {
    as: 'stranger',
    headers: { referer: 'https://app.test/form?a=1' },
  }),
  'a page that reads a clone, and a token to refresh': submit('/cloned', returnTo, {
    as: 'expired',
  }),
}
