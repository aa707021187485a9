import { clearResponseHeaders, defineMiddleware, toResponse } from 'nitro/h3'
import { type DanceVisit, dance } from '../dance.ts'

declare module 'nitro/h3' {
  interface H3EventContext {
    visit: DanceVisit
  }
}

export default defineMiddleware(async (event, next) => {
  const serve = dance.wrap(async (_request, visit, _event) => {
    event.context.visit = visit
    return toResponse(await next(), event)
  })
  const response = await serve(event.req, event)
  const copy = new Response(response.body, response)
  clearResponseHeaders(event, [...event.res.headers.keys()])
  return copy
})
