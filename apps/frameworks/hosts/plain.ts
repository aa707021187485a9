import { createAppDance } from '../app/dance.ts'
import { page } from '../app/page.ts'
import { forPlaces } from '../app/places.ts'
import { readBefore } from '../app/read-before.ts'
import type { Start } from './host.ts'
import { inProcess } from './in-process.ts'

/** No framework: what `dance.wrap` gives is the handler. */
export const startPlain: Start = async (env) => {
  const serve = forPlaces((place) => createAppDance(env, place).wrap(page))
  return inProcess(async (request) => {
    await readBefore(request)
    return serve(request.url)(request).catch(() => new Response(null, { status: 500 })) // as servers do
  })
}
