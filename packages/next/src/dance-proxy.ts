import type { Dance, Visit, VisitContext } from 'fetch-dance'
import { type NextProxy, NextResponse } from 'next/server.js'
import { asAsked, changeCookies, type Pair, readCookie } from './next-request.ts'

/**
 * For `proxy.ts`: refreshes what is due in a visitor's cookies, ahead of components, which cannot. They find the new
 * token, and so does the browser. A provider that is down stops nothing.
 * @param proxy Another proxy to go on with.
 * @example
 * ```ts
 * import { danceProxy } from '@fetch-dance/next'
 * export const proxy = danceProxy(dance)
 * ```
 */
export function danceProxy(dance: Dance, proxy: NextProxy = () => undefined): NextProxy {
  return async (request, event) => {
    const open = (o: VisitContext) => dance.visit(asAsked(request), o)
    const fresh: Pair[] = []
    const setCookie = (line: string) => void fresh.push(readCookie(line))
    const visit = open({ setCookie, waitUntil: (promise) => event.waitUntil(promise) })
    // what fails here the page meets too, where it uses the connection
    if (!dance.owns(request)) fresh.push(...(await refreshDue(visit, open).catch(() => [])))
    if (fresh.length > 0) changeCookies(request, fresh)
    const goOn = async () => (await proxy(request, event)) ?? NextResponse.next()
    const answer = await goOn().catch((error: unknown) => {
      if (fresh.length === 0) throw error // else what was refreshed would be lost
      event.waitUntil(Promise.reject(error)) // Next prints it
      return new Response('Internal Server Error', { status: 500 })
    })
    const has = (name: string) => answer.headers.has(`x-middleware-${name}`)
    const goesOn = fresh.length > 0 && (has('next') || has('rewrite')) && !has('override-headers')
    for (const [name, value] of goesOn ? NextResponse.next({ request }).headers : [])
      if (name !== 'x-middleware-next') answer.headers.set(name, value)
    return visit.commit(answer)
  }
}

/** Refreshes. Returns what to hide from the page: cookies look good even where the provider refused their refresh. */
async function refreshDue(visit: Visit, open: (o: VisitContext) => Visit): Promise<Pair[]> {
  const own: string[] = []
  // tells which cookies there are, and reaches no browser
  await open({ setCookie: (line) => void own.push(readCookie(line).name) }).forget()
  if (own.length === 0) return []
  const due = (await visit.connections()).filter(({ authorized }) => authorized)
  await Promise.all(due.map((connection) => connection.token().catch(() => {})))
  const refused = due.filter(({ authorized }) => !authorized).map(({ provider }) => provider)
  const hidden = new RegExp(`\\.(${refused.join('|')})(\\.\\d)?$`)
  return own.filter((name) => hidden.test(name)).map((name) => ({ name, value: '' }))
}
