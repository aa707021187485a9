import {
  type Dance,
  DanceError,
  type Providers,
  type Visit,
  type VisitConnection,
} from 'fetch-dance'
import { headers } from 'next/headers.js'
import { redirect } from 'next/navigation.js'
import { after } from 'next/server.js'

/** A visit within a server component: it reads, and can set no cookie. */
export interface ServerVisit<P extends Providers>
  extends Pick<Visit<P>, 'connection' | 'connections' | 'owner'> {
  /** The connection; where there is none the visitor is sent to log in, and back to `returnTo`. */
  require<N extends keyof P & string>(
    name: N,
    o: { returnTo: string; scopes?: readonly string[]; account?: string },
  ): Promise<VisitConnection<P, N>>
}

/**
 * Opens a visit for a server component.
 *
 * A component can set no cookie: where tokens are kept in cookies, a token that has ended cannot be refreshed here, and
 * using the connection throws `cannot_persist` before anything is spent. Call the API from a route handler there.
 *
 * @param dance The dance, with its `origin` set.
 * @returns The visit. A component does not know its own URL: `require` wants a `returnTo`.
 * @example
 * ```ts
 * import { danceServer } from '@fetch-dance/next'
 *
 * export default async function Page() {
 *   const visit = await danceServer(dance)
 *   const connection = await visit.require('github', { returnTo: '/' })
 *   return (await connection.profile()).name
 * }
 * ```
 */
export async function danceServer<P extends Providers>(dance: Dance<P>): Promise<ServerVisit<P>> {
  const sent = new Headers(await headers())
  const origin = `${sent.get('x-forwarded-proto') ?? 'http'}://${sent.get('host')}`
  const request = new Request(origin, { headers: sent })
  const visit = dance.visit(request, { readOnly: true, waitUntil: after })
  return {
    connection: visit.connection,
    connections: visit.connections,
    owner: visit.owner,
    require: (name, o) => visit.require(name, o).catch(sendToLogin),
  }
}

// Not where the visitor has refused a scope: that would go round for ever.
function sendToLogin(error: unknown): never {
  if (!(error instanceof DanceError) || error.loginUrl === undefined) throw error
  if (error.code === 'scope_refused') throw error
  redirect(error.loginUrl)
}
