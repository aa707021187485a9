// #region recipe
import { Elysia } from 'elysia'
import { createDanceContext } from 'fetch-dance/context'
import { dance } from './dance.ts'

const { wrap, visit } = createDanceContext(dance)

const app = new Elysia()
  .derive(() => ({ visit: visit() }))
  .onError(({ error }) => visit().answer(error) ?? undefined)
  .get('/', async ({ visit, cookie: { seen, theme } }) => {
    const connection = await visit.require('github')
    const user = await connection.fetch('/user')
    seen?.set({ value: '1' })
    theme?.set({ value: 'dark' })
    return user.json()
  })

export default { fetch: wrap((request) => app.fetch(request)) }
// #endregion

app.post('/echo', ({ request }) => new Response(request.body), { parse: 'none' })
app.onRequest(({ set }) => {
  set.headers['cache-control'] = 'public, max-age=60'
})
