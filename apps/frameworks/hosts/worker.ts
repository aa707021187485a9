// The Worker that miniflare runs.
import { danceWorker } from '@fetch-dance/workers'
import { type AppEnv, createAppDance } from '../app/dance.ts'
import { page } from '../app/page.ts'
import { forPlaces } from '../app/places.ts'
import { readBefore } from '../app/read-before.ts'

const workerFor = forPlaces((place) =>
  danceWorker((env: AppEnv) => createAppDance(env, place), { fetch: page }),
)

type Context = Parameters<ReturnType<typeof workerFor>['fetch']>[2]

export default {
  async fetch(request: Request, env: AppEnv, context: Context): Promise<Response> {
    await readBefore(request)
    try {
      return await workerFor(request.url).fetch(request, env, context)
    } catch {
      return new Response(null, { status: 500 }) // miniflare would show a page with the stack
    }
  },
}
