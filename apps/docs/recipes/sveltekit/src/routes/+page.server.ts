import type { RequestEvent } from '@sveltejs/kit'

export async function load({ locals, cookies }: RequestEvent) {
  const connection = await locals.visit.require('github')
  const user = await connection.fetch('/user')
  cookies.set('seen', '1', { path: '/' })
  cookies.set('theme', 'dark', { path: '/' })
  return { user: await user.json() }
}
