import { defineMiddleware } from 'astro:middleware'
import { dance } from './dance.ts'

export const onRequest = defineMiddleware((context, next) => {
  if (context.isPrerendered) return next()
  const serve = dance.wrap((_request, visit) => {
    context.locals.visit = visit
    return next()
  })
  return serve(context.request)
})
