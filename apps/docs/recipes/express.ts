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
    for (const [name, value] of visit.commit(new Response()).headers) {
      if (name === 'cache-control') res.set(name, value)
      else res.append(name, value)
    }
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
