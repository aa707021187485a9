import type { DanceVisit } from './dance.ts'

/** What every recipe serves: a page for who is connected, with two cookies of its own, and a form that is read. */
export async function app(request: Request, visit: DanceVisit): Promise<Response> {
  if (new URL(request.url).pathname === '/echo') return new Response(request.body)
  const connection = await visit.require('github')
  const user = await connection.fetch('/user')
  const response = new Response(user.body, { headers: { 'content-type': 'application/json' } })
  response.headers.set('cache-control', 'public, max-age=60')
  response.headers.set('cdn-cache-control', 'max-age=60')
  response.headers.append('set-cookie', 'seen=1; Path=/')
  response.headers.append('set-cookie', 'theme=dark; Path=/')
  return response
}
