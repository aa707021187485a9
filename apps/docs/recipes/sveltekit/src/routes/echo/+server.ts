import type { RequestEvent } from '@sveltejs/kit'

export function POST({ request }: RequestEvent) {
  return new Response(request.body)
}
