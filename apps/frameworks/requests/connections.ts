import { ask, bare, navigate, type Requests } from './request.ts'

/** The list of connections is for the app's own pages; a link to connect is for its owner. */
export const connections: Requests = {
  'of a stranger': ask('/login/connections'),
  'of somebody who is connected': ask('/login/connections', { as: 'connected' }),
  'of somebody whose token has to be refreshed': ask('/login/connections', { as: 'expired' }),
  'asked for by a typed URL': navigate('/login/connections', { as: 'connected' }),
  'asked for by a script of another site': ask('/login/connections', {
    as: 'connected',
    headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' },
  }),
  'asked for by who knows whom': bare('/login/connections', { as: 'connected' }),
  'a link that is garbage': navigate('/login/connect/garbage'),
  'a link that is empty': navigate('/login/connect/'),
  'a link that is garbage, to a script': ask('/login/connect/garbage'),
  'a link that is a seal': navigate('/login/connect/Fe26.2*1*a*b*c**d*e'),
  'a link with a slash more': navigate('/login/connect/garbage/garbage'),
  'a link of 6,000 characters': navigate(`/login/connect/${'a'.repeat(6_000)}`),
}
