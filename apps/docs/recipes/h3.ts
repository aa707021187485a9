// #region recipe
import { clearResponseHeaders, H3, serve, setCookie, toResponse } from 'h3'
import { type DanceVisit, dance } from './dance.ts'

declare module 'h3' {
  interface H3EventContext {
    visit: DanceVisit
  }
}

const app = new H3().use(async (event, next) => {
  const respond = dance.wrap(async (_request, visit, _event) => {
    event.context.visit = visit
    return toResponse(await next(), event)
  })
  const response = await respond(event.req, event)
  clearResponseHeaders(event, [...event.res.headers.keys()])
  return response
})

app.get('/', async (event) => {
  const connection = await event.context.visit.require('github')
  const user = await connection.fetch('/user')
  setCookie(event, 'seen', '1')
  setCookie(event, 'theme', 'dark')
  return user.json()
})
// #endregion

app.post('/echo', ({ req }) => new Response(req.body))
app.use(({ res }) => res.headers.set('cache-control', 'public, max-age=60'))
serve(app)
