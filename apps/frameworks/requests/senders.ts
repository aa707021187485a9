import { bare, navigate, type Requests } from './request.ts'

/** By what a request says of its sender: a login begins for a navigation, or for the app's own pages. */
export const senders: Requests = {
  'nothing is said': bare('/login/fake'),
  'Accept: */* alone': bare('/login/fake', { headers: { accept: '*/*' } }),
  'Accept: text/html alone': bare('/login/fake', { headers: { accept: 'text/html' } }),
  'Accept: application/json alone': bare('/login/fake', {
    headers: { accept: 'application/json' },
  }),
  'JSON and HTML are accepted': bare('/login/fake', {
    headers: { accept: 'application/json, text/html;q=0.5' },
  }),
  'a page of another site': navigate('/login/fake', {
    headers: { 'sec-fetch-site': 'cross-site' },
  }),
  'a page of a neighbour': navigate('/login/fake', { headers: { 'sec-fetch-site': 'same-site' } }),
  'a page of the app': navigate('/login/fake', { headers: { 'sec-fetch-site': 'same-origin' } }),
  'a page of another site, where five logins run': navigate('/login/fake', {
    as: 'crowded',
    headers: { 'sec-fetch-site': 'cross-site' },
  }),
  'a typed URL, where five logins run': navigate('/login/fake', { as: 'crowded' }),
  'a script of another site': navigate('/login/fake', {
    headers: { 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'cross-site' },
  }),
  'a script of the app': navigate('/login/fake', {
    headers: { 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' },
  }),
  'an old script of the app': bare('/login/fake', { headers: { origin: 'https://app.test' } }),
  'an old script of another site': bare('/login/fake', {
    headers: { origin: 'https://evil.test' },
  }),
  'an image of another site': navigate('/login/fake', {
    headers: { accept: 'image/*', 'sec-fetch-mode': 'no-cors', 'sec-fetch-site': 'cross-site' },
  }),
  'another host': navigate('/login/fake', { headers: { host: 'evil.test' } }),
  'forwarded for another host': navigate('/login/fake', {
    headers: {
      'x-forwarded-host': 'evil.test',
      'x-forwarded-proto': 'http',
      forwarded: 'host=evil.test;proto=http',
    },
  }),
  'another address in a header': navigate('/profile', {
    headers: { 'x-original-url': '/login/fake', 'x-rewrite-url': '/login/fake' },
  }),
  'names in upper case, in another order': bare('/login/fake', {
    headers: {
      'SEC-FETCH-SITE': 'none',
      ACCEPT: 'text/html',
      'User-Agent': 'an old one',
      'SEC-FETCH-MODE': 'navigate',
    },
  }),
  'a header of 8,000 characters': navigate('/login/fake', {
    headers: { 'x-long': 'a'.repeat(8_000) },
  }),
  'conditions and a range': navigate('/login/fake', {
    headers: { 'if-none-match': '*', range: 'bytes=0-0', authorization: 'Bearer stolen' },
  }),
  'what Next uses within': navigate('/login/fake', {
    headers: {
      'x-middleware-subrequest': 'middleware:middleware:middleware',
      'x-invoke-path': '/profile',
      'x-nextjs-data': '1',
    },
  }),
}
