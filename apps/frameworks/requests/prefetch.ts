import { navigate, type Requests } from './request.ts'

const returning = '/login/fake/callback?code={code}&state={state}'

/** Nothing that is fetched ahead begins a login, or takes one. */
export const prefetch: Requests = {
  'Sec-Purpose: prefetch': navigate('/login/fake', { headers: { 'sec-purpose': 'prefetch' } }),
  'Sec-Purpose: prefetch;prerender': navigate('/login/fake', {
    headers: { 'sec-purpose': 'prefetch;prerender' },
  }),
  'Purpose: prefetch': navigate('/login/fake', { headers: { purpose: 'prefetch' } }),
  'Next-Router-Prefetch': navigate('/login/fake', { headers: { 'next-router-prefetch': '1' } }),
  RSC: navigate('/login/fake', { headers: { rsc: '1' } }),
  'RSC, where Next leads it': navigate('/login/fake?_rsc', { headers: { rsc: '1' } }),
  'RSC at the callback': navigate(returning, { as: 'returning', headers: { rsc: '1' } }),
  'RSC, with what Next adds to the query': navigate('/login/fake?_rsc=abc', {
    headers: { rsc: '1', 'next-router-state-tree': '%5B%22%22%5D', 'next-url': '/' },
  }),
  'the callback': navigate(returning, { as: 'returning', headers: { purpose: 'prefetch' } }),
  'the connections': navigate('/login/connections', {
    as: 'connected',
    headers: { 'sec-purpose': 'prefetch', 'sec-fetch-site': 'same-origin' },
  }),
  'a page that needs a connection': navigate('/profile', {
    headers: { 'sec-purpose': 'prefetch' },
  }),
}
