import { type DenoKv, denoKv } from '@fetch-dance/storages/deno-kv'
import type { App, Dance, Providers, TokenStorage } from 'fetch-dance'

// What is used of Deno's global; its types are no dependency of an app
declare const Deno: {
  readonly env: { toObject(): Record<string, string> }
  openKv(): Promise<DenoKv>
}

/** Options of `createDance` as they are in Deno. */
export interface DenoDefaults {
  /** Deno's environment: where the dance finds its secret, its origin and the providers' credentials. */
  readonly env: object
  /** Deno KV, opened when a connection is first read or kept. On one's own machine Deno needs `--unstable-kv` for it. */
  readonly storage: TokenStorage
}

/** What is used of `Deno.ServeHandlerInfo`. */
export interface DenoInfo {
  readonly remoteAddr: unknown
}

/**
 * Makes a handler for `Deno.serve` and `deno serve` of a dance and an app: the dance's own routes are the dance's, and a
 * `login_required` that the app lets through becomes the way to the login. Connections are kept in Deno KV.
 * Needs `--unstable-kv`, `--allow-env` and `--allow-net`.
 *
 * @param create Makes the dance from Deno's defaults; called once. What it writes after them beats them.
 * @param app Answers everything else, with the visit and what Deno says of the request.
 * @returns The handler. It rejects with what the app throws and the dance cannot answer.
 * @example
 * ```ts
 * import { serveDance } from '@fetch-dance/deno'
 * import { github } from '@fetch-dance/providers/github'
 * import { createDance } from 'fetch-dance'
 *
 * export default {
 *   fetch: serveDance(
 *     (defaults) => createDance({ providers: { github: github() }, ...defaults }),
 *     async (_request, visit) => {
 *       const connection = await visit.require('github')
 *       return Response.json(await connection.profile())
 *     },
 *   ),
 * }
 * ```
 */
export function serveDance<P extends Providers, Info extends DenoInfo = DenoInfo>(
  create: (defaults: DenoDefaults) => Dance<P>,
  app: App<P, [info: Info]>,
): (request: Request, info: Info) => Promise<Response> {
  const storage = denoKv(() => Deno.openKv())
  return create({ env: Deno.env.toObject(), storage }).wrap(app)
}
