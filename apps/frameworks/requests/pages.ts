import { ask, bare, navigate, type Requests, submit } from './request.ts'

/** The app's own pages, with and without a connection. */
export const pages: Requests = {
  'a page for everybody': navigate('/'),
  'a page for everybody, connected': navigate('/', { as: 'connected' }),
  'a page that is none': navigate('/nowhere'),
  'a page that needs a connection': navigate('/profile?a=1&b=%2F'),
  'the same, connected': navigate('/profile', { as: 'connected' }),
  'the same, where the token has to be refreshed': navigate('/profile', { as: 'expired' }),
  'the same by HEAD': navigate('/profile', { as: 'expired', method: 'HEAD' }),
  'the same by HEAD, of a stranger': navigate('/profile', { method: 'HEAD' }),
  'the same, asked for by a script': ask('/profile', {
    headers: { referer: 'https://app.test/nowhere?c=2' },
  }),
  'the same, asked for by who knows whom': bare('/profile'),
  'the same by a form': submit('/profile', 'a=1', { as: 'stranger' }),
  'the same by PUT': submit('/profile', 'a=1', { method: 'PUT' }),
  'the same by OPTIONS, of a stranger': navigate('/profile', { method: 'OPTIONS' }),
  'a page that needs another scope': navigate('/repos', { as: 'connected' }),
  'the same, of a stranger': navigate('/repos'),
  'a scope, asked for by a script': ask('/repos', { as: 'connected' }),
  'a page that says where to come back to': navigate('/elsewhere'),
  'a page that looks, and refreshes nothing': navigate('/status', { as: 'expired' }),
  'a page for caches, and a token to refresh': navigate('/cached', { as: 'expired' }),
  'a page with cookies, and a token to refresh': navigate('/cookies', { as: 'expired' }),
  'a page in pieces, and a token to refresh': navigate('/stream', { as: 'expired' }),
  'a page that forgets': submit('/forget', ''),
  'a page that breaks': navigate('/broken', { as: 'connected' }),
  'a page that breaks, and a token to refresh': navigate('/broken', { as: 'expired' }),
}
