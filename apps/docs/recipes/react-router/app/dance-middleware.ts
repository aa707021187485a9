import { DanceError } from 'fetch-dance'
import { createContext, type MiddlewareFunction, redirectDocument } from 'react-router'
import { type DanceVisit, dance } from './dance.ts'

export const visitContext = createContext<DanceVisit>()
export const errorContext = createContext<unknown>(null)

export const danceMiddleware: MiddlewareFunction<Response> = ({ request, url, context }, next) => {
  const isData = new URL(request.url).pathname.endsWith('.data') // fetched by React Router's client
  const serve = dance.wrap(async (_request, visit) => {
    context.set(visitContext, visit)
    const response = await next()
    const error = context.get(errorContext)
    const answer = visit.answer(error)
    const login = error instanceof DanceError ? error.loginUrl : undefined
    return answer && isData && login ? redirectDocument(login) : (answer ?? response)
  })
  const page = isData && request.method === 'GET' ? pageOf(url, request) : request
  return serve(dance.owns(page) ? request : page)
}

// To the dance, a navigation to the page whose data is fetched.
function pageOf(url: URL, request: Request): Request {
  const headers = new Headers(request.headers)
  headers.set('sec-fetch-mode', 'navigate')
  return new Request(url, { headers })
}
