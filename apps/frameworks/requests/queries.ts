import { navigate, type Requests } from './request.ts'

/** What a login takes from its URL: where to come back to, and declared scopes. */
export const queries: Requests = {
  returnTo: navigate('/login/fake?returnTo=%2Fprofile%3Fa%3D1'),
  'returnTo elsewhere': navigate('/login/fake?returnTo=https%3A%2F%2Fevil.test%2F'),
  'returnTo the login itself': navigate('/login/fake?returnTo=%2Flogin%2Ffake'),
  'returnTo twice': navigate('/login/fake?returnTo=%2Fprofile&returnTo=//evil.test'),
  'returnTo of 3,000 characters': navigate(`/login/fake?returnTo=/${'a'.repeat(3_000)}`),
  'a declared scope': navigate('/login/fake?scopes=repo'),
  'scopes with a plus sign': navigate('/login/fake?scopes=profile+repo'),
  'an undeclared scope': navigate('/login/fake?scopes=repo%20admin'),
  "the protocol's parameters": navigate(
    '/login/fake?client_id=evil&redirect_uri=https://evil.test&state=a&scope=admin&nonce=b',
  ),
  'the button of an error page': navigate('/login/fake?returnTo=%2Fprofile&again=1'),
  'an encoding that is none': navigate('/login/fake?returnTo=%zz'),
  'a NUL': navigate('/login/fake?returnTo=%2F%00'),
  'a query of 17,000 characters': navigate(`/login/fake?a=${'b'.repeat(17_000)}`),
  'a query of 12,000 characters': navigate(`/login/fake?a=${'b'.repeat(12_000)}`),
}
