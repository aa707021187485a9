import type { Dance, Providers, Visit, VisitConnectionOf, VisitContext } from 'fetch-dance'
import { DanceError } from 'fetch-dance'
import { cookies, headers } from 'next/headers.js'
import { redirect } from 'next/navigation.js'
import { after, NextRequest } from 'next/server.js'
import { asAsked, changeCookies, readCookie } from './next-request.ts'

type Connection<P extends Providers, N extends keyof P, Without extends string> = N extends keyof P
  ? Omit<VisitConnectionOf<P, N>, Without>
  : never
type Which = { account?: string }

/** A visit within a server component: it reads. */
export interface ServerVisit<P extends Providers, Without extends string = 'disconnect' | 'login'>
  extends Pick<Visit<P>, 'owner'> {
  connection<N extends keyof P & string>(name: N, o?: Which): Promise<Connection<P, N, Without>>
  connections(): Promise<Connection<P, keyof P, Without>[]>
  /** The connection; where there is none the visitor is sent to log in, and back to `returnTo`. */
  require<N extends keyof P & string>(
    name: N,
    o: Which & { returnTo: string; scopes?: readonly string[] },
  ): Promise<Connection<P, N, Without>>
}

/** A visit within a server action: it can disconnect and forget too. */
export type ActionVisit<P extends Providers> = ServerVisit<P, 'login'> & Pick<Visit<P>, 'forget'>

/**
 * Opens a visit for a server component. That does not know its own URL: tell `require` and `loginUrl` a `returnTo`. It
 * can set no cookie: to use a token that is kept in one, and has ended, throws `cannot_persist` and spends nothing.
 * @example
 * ```ts
 * import { danceServer } from '@fetch-dance/next'
 * const visit = await danceServer(dance)
 * const connection = await visit.require('github', { returnTo: '/repos' })
 * ```
 */
export function danceServer<P extends Providers>(dance: Dance<P>): Promise<ServerVisit<P>> {
  return openVisit(dance, 'GET', { readOnly: true })
}

/**
 * Opens a visit for a server action: it writes, and the page that is rendered after it sees what it wrote.
 * @example
 * ```ts
 * import { danceAction } from '@fetch-dance/next'
 * const visit = await danceAction(dance)
 * await (await visit.connection('github')).disconnect()
 * ```
 */
export async function danceAction<P extends Providers>(dance: Dance<P>): Promise<ActionVisit<P>> {
  const jar = await cookies()
  const setCookie = (line: string) => void jar.set(readCookie(line))
  // in a component these are a request's, which have a size
  return openVisit(dance, 'POST', { setCookie, readOnly: 'size' in jar })
}

async function openVisit<P extends Providers>(dance: Dance<P>, method: string, o: VisitContext) {
  const sent = await headers()
  const protocol = sent.get('x-forwarded-proto')?.startsWith('https') ? 'https' : 'http'
  const request = new NextRequest(`${protocol}://localhost`, { method, headers: sent })
  // an action may have changed some: the page after it has the headers from before
  changeCookies(request, (await cookies()).getAll())
  const visit = dance.visit(asAsked(request), { ...o, waitUntil: after })
  const require: typeof visit.require = (...wanted) => visit.require(...wanted).catch(sendToLogin)
  return { ...visit, require }
}

function sendToLogin(error: unknown): never {
  // not where the visitor has refused a scope: that would go round for ever
  const isOurs = error instanceof DanceError && error.code !== 'scope_refused'
  if (!isOurs || error.loginUrl === undefined) throw error
  redirect(error.loginUrl)
}
