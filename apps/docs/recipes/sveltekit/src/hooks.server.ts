import type { Handle, HandleServerError } from '@sveltejs/kit/hooks'
import { DanceError } from 'fetch-dance'
import { dance } from './dance.ts'

export const handle: Handle = ({ event, resolve }) => {
  const isFetched = isFetchedBySvelteKit(event)
  const serve = dance.wrap(async (_request, visit) => {
    event.locals.visit = visit
    const response = await resolve(event)
    const { error } = event.locals
    const answer = visit.answer(error)
    const login = error instanceof DanceError ? error.loginUrl : undefined
    return answer && isFetched && login ? redirectClient(login) : (answer ?? response)
  })
  const { request, url } = event
  const page = isFetched && request.method === 'GET' ? pageOf(url, request) : request
  return serve(dance.owns(page) ? request : page)
}

export const handleError: HandleServerError = ({ error, event }) => {
  event.locals.error = error
  if (!(error instanceof DanceError && error.loginUrl)) console.error(error)
}

function isFetchedBySvelteKit(event: Parameters<Handle>[0]['event']): boolean {
  const isAction = event.request.headers.has('x-sveltekit-action')
  return event.isDataRequest || event.isRemoteRequest || isAction
}

// What `redirect` says to the client. It throws, and is sent without the cookie of a token that was refreshed before.
function redirectClient(location: string): Response {
  return Response.json({ type: 'redirect', status: 303, location })
}

// To the dance, a navigation to the page whose data is fetched.
function pageOf(url: URL, request: Request): Request {
  const headers = new Headers(request.headers)
  headers.set('sec-fetch-mode', 'navigate')
  return new Request(url, { headers })
}
