// #region recipe
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import onHeaders from 'on-headers'
import { NodeRequest, sendNodeResponse } from 'srvx/node'
import { type DanceVisit, dance } from './dance.ts'

declare global {
  namespace Express {
    interface Locals {
      visit: DanceVisit
    }
  }
}

const withDance: RequestHandler = async (req, res, next) => {
  const request = new NodeRequest({ req, res })
  if (dance.owns(request)) return sendNodeResponse(res, await dance.handle(request))
  const visit = dance.visit(request)
  res.locals.visit = visit
  onHeaders(res, () => {
    const { headers } = visit.commit(new Response())
    const isPrivate = headers.has('cache-control') // to all caches, some have a header of their own
    for (const name of res.getHeaderNames()) {
      if (isPrivate && /(cache|surrogate)-control$/.test(name)) res.removeHeader(name)
    }
    for (const [name, value] of headers) res.append(name, value)
  })
  next()
}

const toLogin: ErrorRequestHandler = (error, _req, res, next) => {
  const answer = res.locals.visit?.answer(error)
  return answer ? sendNodeResponse(res, answer) : next(error)
}

const app = express()
app.use(withDance) // at the root, before anything that reads bodies
app.get('/', async (_req, res) => {
  const connection = await res.locals.visit.require('github')
  const user = await connection.fetch('/user')
  res
    .cookie('seen', '1')
    .cookie('theme', 'dark')
    .json(await user.json())
})
app.use(toLogin) // after the routes
app.listen(Number(process.env.PORT ?? 3000))
// #endregion

app.post('/echo', (req, res) => void req.pipe(res))
app.use((_req, res, next) => {
  res.set({ 'cache-control': 'public, max-age=60', 'cdn-cache-control': 'max-age=60' })
  next()
})
app.router.stack.unshift(...app.router.stack.splice(-1)) // before everything else
