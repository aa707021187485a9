import { clearResponseHeaders, defineMiddleware, toResponse } from 'nitro/h3'
import { type DanceVisit, dance } from '../dance.ts'

declare module 'nitro/h3' {
  interface H3EventContext {
    visit: DanceVisit
  }
}

export default defineMiddleware((event, next) => {
  const serve = dance.wrap(async (_request, visit, _event) => {
    event.context.visit = visit
    const response = await toResponse(await next(), event)
    const copy = new Response(response.body, response)
    clearResponseHeaders(event, [...event.res.headers.keys()]) // in the copy, and not to be added again
    return copy
  })
  return serve(event.req, event)
})
