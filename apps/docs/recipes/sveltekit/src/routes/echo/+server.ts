import type { RequestEvent } from '@sveltejs/kit'

export async function POST({ request }: RequestEvent) {
  return new Response(await request.text())
}
