import { redirect } from '@sveltejs/kit'
import type { Handle, HandleServerError } from '@sveltejs/kit/hooks'
import { dance } from './dance.ts'

export const handle: Handle = ({ event, resolve }) => {
  const serve = dance.wrap(async (_request, visit) => {
    event.locals.visit = visit
    const response = await resolve(event)
    const answer = visit.answer(event.locals.error)
    const login = answer?.headers.get('location')
    if (event.isDataRequest && login) redirect(302, login)
    return answer ?? response
  })
  const page = event.isDataRequest ? pageOf(event) : event.request
  return serve(dance.owns(page) ? event.request : page)
}

export const handleError: HandleServerError = ({ error, event }) => {
  event.locals.error = error
  if (!event.locals.visit?.answer(error)) console.error(error)
}

// The data that SvelteKit's client fetches when a link is clicked: to the dance, a navigation to the page.
function pageOf({ url, request }: Parameters<Handle>[0]['event']): Request {
  const headers = new Headers(request.headers)
  headers.set('sec-fetch-mode', 'navigate')
  return new Request(url, { headers })
}
