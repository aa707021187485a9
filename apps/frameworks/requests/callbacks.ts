import { ask, comeBack, navigate, type Requests, submit } from './request.ts'

const path = '/login/fake/callback'
const answer = 'code={code}&state={state}'
const posted = {
  as: 'posting',
  headers: { 'sec-fetch-site': 'cross-site', origin: 'null' },
} as const

/** The provider's answer is taken once, from the browser that left, and by its own route. */
export const callbacks: Requests = {
  'the answer': comeBack(`${path}?${answer}`),
  'the answer where there is a connection': comeBack(`${path}?${answer}`, {
    as: 'returning again',
  }),
  'the answer to a script': ask(`${path}?${answer}`, { as: 'returning' }),
  'the answer with something more': comeBack(`${path}?a=b&${answer}&session_state=c#d`),
  'the answer with a slash more': comeBack(`${path}/?${answer}`),
  'the answer below two slashes': comeBack(`/${path}?${answer}`),
  'the answer below an encoded letter': comeBack(`/%6Cogin/fake/callback?${answer}`),
  'the answer below an encoding that is none': comeBack(`/login/%zz/../fake/callback?${answer}`),
  'the answer, eleven minutes later': comeBack(`${path}?${answer}`, { as: 'late' }),
  'the answer in another browser': comeBack(`${path}?${answer}`, { as: 'stranger' }),
  "the answer at another provider's callback": comeBack(`/login/posting/callback?${answer}`),
  'no state': comeBack(`${path}?code={code}`),
  'an empty state': comeBack(`${path}?code={code}&state=`),
  'another state': comeBack(`${path}?code={code}&state=another`),
  'a state of the button, without a cookie': navigate(`${path}?code=a&state=b.again`),
  'two states': comeBack(`${path}?${answer}&state=another`),
  'two codes': comeBack(`${path}?${answer}&code=another`),
  'a list of codes': comeBack(`${path}?code[]={code}&state={state}`),
  'no code': comeBack(`${path}?state={state}`),
  'an empty code': comeBack(`${path}?code=&state={state}`),
  'a code that is none': comeBack(`${path}?code=none&state={state}`),
  'another issuer': comeBack(`${path}?${answer}&iss=https%3A%2F%2Fevil.test`),
  'access denied': comeBack(`${path}?error=access_denied&state={state}`),
  'access denied, to a script': ask(`${path}?error=access_denied&state={state}`, {
    as: 'returning',
  }),
  "access denied, in a stranger's browser": navigate(`${path}?error=access_denied&state=b`),
  'another error, described': comeBack(
    `${path}?error=server_error&error_description=%3Cscript%3E&state={state}`,
  ),
  'denied, as OAuth 1 says it': comeBack(`${path}?denied=a&state={state}`),
  nothing: navigate(path),
  'a form where a query is expected': submit(path, answer, { as: 'returning' }),
  'a form': submit('/login/posting/callback', `iss={issuer}&${answer}`, posted),
  'a form that is no form': submit('/login/posting/callback', `{"code":"a"}`, {
    ...posted,
    headers: { ...posted.headers, 'content-type': 'application/json' },
  }),
  'a form without a state': submit('/login/posting/callback', 'code=a', posted),
  'a query where a form is expected': comeBack(`/login/posting/callback?iss={issuer}&${answer}`, {
    as: 'posting',
  }),
}
