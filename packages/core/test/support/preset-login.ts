import { cookieJar } from '@fetch-dance/testing'
import type { Dance } from 'fetch-dance'
import { origin } from './kit.ts'

/**
 * A login at a real provider's addresses, with a code that it would send.
 *
 * @param o `query` of the login's URL, and `iss` where the provider sends it.
 * @returns Where the visitor was sent, and what the callback answered.
 */
export async function presetLogin(
  { handle, paths }: Dance,
  provider: string,
  { query = '', iss }: { query?: string; iss?: string } = {},
): Promise<{ asking: URL; answered: Response }> {
  const { login, callback } = paths(provider)
  const jar = cookieJar()
  const begun = await jar.send(handle, `${origin}${login}${query}`)
  const asking = new URL(begun.headers.get('location') ?? '')
  const state = asking.searchParams.get('state') ?? ''
  const answer = new URLSearchParams({ code: 'a-code', state, ...(iss && { iss }) })
  const url = `${origin}${callback}?${answer}`
  return { asking, answered: await jar.send(handle, url, { site: 'cross-site' }) }
}
