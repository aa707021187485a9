import { ask, bare, navigate, type Requests, submit } from './request.ts'

/** Every route has its methods, and says which. */
export const methods: Requests = {
  'HEAD at the login': navigate('/login/fake', { method: 'HEAD' }),
  'OPTIONS at the login': navigate('/login/fake', { method: 'OPTIONS' }),
  'POST at the login': submit('/login/fake', ''),
  'PUT at the login': submit('/login/fake', 'a=1', { method: 'PUT' }),
  'PATCH at the login': submit('/login/fake', 'a=1', { method: 'PATCH' }),
  'DELETE at the login': submit('/login/fake', '', { method: 'DELETE' }),
  'PROPFIND at the login': navigate('/login/fake', { method: 'PROPFIND' }),
  'an unknown method at the login': navigate('/login/fake', { method: 'DANCE' }),
  'a lower case method at the login': navigate('/login/fake', { method: 'get' }),
  'GET with a body': navigate('/login/fake', { body: 'returnTo=%2Fprofile' }),
  "a script's question before a request from elsewhere": bare('/login/fake', {
    method: 'OPTIONS',
    headers: {
      origin: 'https://evil.test',
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization',
    },
  }),
  'HEAD at the callback': navigate('/login/fake/callback?code={code}&state={state}', {
    method: 'HEAD',
    as: 'returning',
  }),
  'PUT at the callback': submit('/login/fake/callback?code={code}&state={state}', 'a=1', {
    method: 'PUT',
    as: 'returning',
  }),
  'OPTIONS at the callback': navigate('/login/fake/callback?code={code}&state={state}', {
    method: 'OPTIONS',
    as: 'returning',
  }),
  'GET at the logout': navigate('/login/fake/logout', { as: 'connected' }),
  'HEAD at the logout': navigate('/login/fake/logout', { as: 'connected', method: 'HEAD' }),
  'DELETE at the logout': submit('/login/fake/logout', '', { method: 'DELETE' }),
  'GET at the logout that says it is POST': navigate('/login/fake/logout?_method=POST', {
    as: 'connected',
    headers: { 'x-http-method-override': 'POST', 'sec-fetch-site': 'same-origin' },
  }),
  'POST at the connections': submit('/login/connections', ''),
  'HEAD at the connections': ask('/login/connections', { method: 'HEAD' }),
  'POST at a link to connect': submit('/login/connect/garbage', ''),
}
