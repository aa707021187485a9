// #region recipe
import type { RequestEvent } from '@sveltejs/kit'

export async function load({ locals, cookies }: RequestEvent) {
  const connection = await locals.visit.require('github')
  const user = await connection.fetch('/user')
  cookies.set('seen', '1', { path: '/' })
  cookies.set('theme', 'dark', { path: '/' })
  return { user: await user.json() }
}
// #endregion

export const actions = {
  async default({ locals }: RequestEvent) {
    return { account: (await locals.visit.require('github')).account }
  },
}
