import { ask, type Requests, submit } from './request.ts'

const path = '/login/fake/logout'
const multipart = [
  '--edge',
  'content-disposition: form-data; name="returnTo"',
  '',
  '/profile',
  '--edge--',
  '',
].join('\r\n')

/** A logout is a form of the app's own pages. */
export const forms: Requests = {
  'an empty form': submit(path, ''),
  'a form without a type': submit(path, '', { headers: { 'content-type': null } }),
  'a form of somebody who is not connected': submit(path, '', { as: 'stranger' }),
  'a form, where the token has to be refreshed': submit(path, '', { as: 'expired' }),
  returnTo: submit(path, 'returnTo=%2Fprofile'),
  'returnTo another URL': submit(path, 'returnTo=https%3A%2F%2Fevil.test%2F'),
  'returnTo elsewhere without a scheme': submit(path, 'returnTo=%2F%2Fevil.test'),
  'returnTo elsewhere by a backslash': submit(path, 'returnTo=%2F%5Cevil.test'),
  'returnTo elsewhere by dots': submit(path, 'returnTo=/a/..//evil.test'),
  'returnTo elsewhere by a tab': submit(path, 'returnTo=%2F%09%2Fevil.test'),
  'returnTo that is a script': submit(path, 'returnTo=javascript:alert(1)'),
  'returnTo the login itself': submit(path, 'returnTo=%2Flogin%2Ffake'),
  'returnTo with line breaks': submit(path, 'returnTo=%2Fa%0D%0Aset-cookie%3A%20a%3D1'),
  'returnTo with letters that are no ASCII': submit(path, 'returnTo=%2F%C3%A9%20%22'),
  'returnTo twice': submit(path, 'returnTo=%2Fprofile&returnTo=%2F%2Fevil.test'),
  'a path with a slash more': submit(`${path}/`, ''),
  'returnTo in the query': submit(`${path}?returnTo=%2Fprofile`, ''),
  'another account': submit(path, 'account=somebody'),
  'no revocation': submit(path, 'revoke=false'),
  'a type with a character set': submit(path, 'returnTo=%2Fprofile', {
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
  }),
  'a type in upper case': submit(path, 'returnTo=%2Fprofile', {
    headers: { 'content-type': 'APPLICATION/X-WWW-FORM-URLENCODED' },
  }),
  'a multipart form': submit(path, multipart, {
    headers: { 'content-type': 'multipart/form-data; boundary=edge' },
  }),
  'text instead of a form': submit(path, 'returnTo=/profile', {
    headers: { 'content-type': 'text/plain' },
  }),
  'JSON instead of a form': submit(path, '{"returnTo":"/profile"}', {
    headers: { 'content-type': 'application/json' },
  }),
  'a form of 70,000 octets': submit(path, `returnTo=%2F${'a'.repeat(70_000)}`),
  'a form of another site': submit(path, '', {
    headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' },
  }),
  'a form of a neighbour': submit(path, '', {
    headers: { 'sec-fetch-site': 'same-site', origin: 'https://www.app.test' },
  }),
  'a form that says nothing of its site': submit(path, '', { headers: { 'sec-fetch-site': null } }),
  'a form without an origin': submit(path, '', {
    headers: { 'sec-fetch-site': null, origin: null },
  }),
  'a form of no origin': submit(path, '', { headers: { 'sec-fetch-site': null, origin: 'null' } }),
  'a script of the app': ask(path, {
    method: 'POST',
    as: 'connected',
    headers: { origin: 'https://app.test' },
  }),
  'a script of another site': ask(path, {
    method: 'POST',
    as: 'connected',
    headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' },
  }),
  "a call of Next's server actions": submit(path, '', { headers: { 'next-action': 'abcdef' } }),
}
