import { env } from 'node:process'
import { withDance } from '@fetch-dance/next'
import { createAppDance } from '../../../../app/dance.ts'
import { page } from '../../../../app/page.ts'
import { forPlaces } from '../../../../app/places.ts'

const pages = forPlaces((place) =>
  withDance(createAppDance(env, place), (request, visit) => page(request, visit)),
)
const answer = (request: Request) => pages(request.url)(request)

export {
  answer as DELETE,
  answer as GET,
  answer as HEAD,
  answer as OPTIONS,
  answer as PATCH,
  answer as POST,
  answer as PUT,
}
