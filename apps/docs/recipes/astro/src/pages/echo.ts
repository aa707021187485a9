import type { APIRoute } from 'astro'

export const POST: APIRoute = ({ request }) => new Response(request.body)
