import { ask, navigate, type Requests } from './request.ts'

const callback = '/login/fake/callback?code=a&state=b'

/** A cookie that cannot be opened counts as none, however it is written. */
export const cookies: Requests = {
  'a token cookie that is garbage': navigate('/profile', {
    headers: { cookie: '__Host-dance.fake=garbage' },
  }),
  'a token cookie whose chunks are garbage': navigate('/profile', {
    headers: { cookie: '__Host-dance.fake=Fe26.2*a; __Host-dance.fake.1=b; __Host-dance.fake.7=c' },
  }),
  'a token cookie without its prefix': navigate('/profile', {
    headers: { cookie: 'dance.fake=garbage' },
  }),
  'a flow cookie that is garbage': navigate(callback, {
    headers: { cookie: '__Host-dance.flow.PiPoFgA5WUrl=garbage' },
  }),
  'a flow cookie of another login': navigate(callback, { as: 'returning' }),
  'cookies that are none': navigate('/profile', { headers: { cookie: ';;; a; =b; c=; "d"="e"' } }),
  'names of every object': ask('/login/connections', {
    headers: { cookie: '__Host-dance.__proto__=a; __Host-dance.constructor=b; __proto__=c' },
  }),
  'an unknown provider': ask('/login/connections', {
    headers: { cookie: '__Host-dance.gitlab=garbage' },
  }),
  'octets that are no ASCII': navigate('/login/fake', {
    headers: { cookie: 'a=ü; __Host-dance.fake=ü' },
  }),
  'a cookie of 7,000 characters': navigate('/profile', {
    headers: { cookie: `__Host-dance.fake=${'a'.repeat(7_000)}` },
  }),
  '400 cookies': navigate('/login/fake', {
    headers: { cookie: Array.from({ length: 400 }, (_, index) => `c${index}=1`).join('; ') },
  }),
  'two Cookie headers': navigate('/profile', {
    as: 'connected',
    first: [['cookie', 'first=1']],
  }),
}
