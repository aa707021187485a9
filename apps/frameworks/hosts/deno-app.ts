// What `deno serve` runs.
import { serveDance } from '@fetch-dance/deno'
import { createAppDance } from '../app/dance.ts'
import { page } from '../app/page.ts'
import { forPlaces } from '../app/places.ts'
import { readBefore } from '../app/read-before.ts'

const serve = forPlaces((place) =>
  serveDance(
    ({ env }) => createAppDance(env, place),
    (request, visit) => page(request, visit),
  ),
)

export default {
  async fetch(request: Request, info: { readonly remoteAddr: unknown }): Promise<Response> {
    await readBefore(request)
    return serve(request.url)(request, info)
  },
}
