import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Provider } from 'oidc-provider'
import type { Account, Accounts } from './accounts.ts'
import { readBody, sendJSON } from './answer.ts'

/** What a call of the API brings along, beside its account and body. */
export interface ApiCall {
  readonly query: URLSearchParams
  /** Scopes of the token. */
  readonly scopes: ReadonlySet<string>
  /** What is left of the token's life. */
  readonly secondsLeft: number
}

/** One thing that Lantern's API answers. */
export interface Resource {
  /** The scope that the token must have. */
  readonly scope: string
  /** Status of the answer; 200 by default. */
  readonly status?: number
  /** What the API says; `body` is the call's JSON, or the fields of its form. */
  answer(account: Account, body: Record<string, unknown>, call: ApiCall): object
}

/** Lantern's API, by method and path: `GET /me`. */
export type Resources = Readonly<Record<string, Resource>>

interface Deps {
  readonly provider: Provider
  readonly accounts: Accounts
  readonly resources: Resources
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** Answers for a bearer token that Lantern itself issued, with the scope that each part asks for. */
export async function answerAPI(deps: Deps): Promise<void> {
  const { provider, accounts, resources, request, response } = deps
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://localhost')
  const path = pathname.slice('/api'.length)
  const resource = resources[`${request.method} ${path}`]
  if (resource === undefined) {
    const known = Object.keys(resources).some((name) => name.endsWith(` ${path}`))
    if (known) return sendJSON(response, 405, { error: 'method_not_allowed' })
    return sendJSON(response, 404, { error: 'not_found' })
  }
  const token = await provider.AccessToken.find(bearerOf(request))
  const account = token && accounts.find(token.accountId)
  // RFC 6750, section 3.1: the challenge says what is wrong with the token, and which scope would do.
  if (token === undefined || account === undefined) return refuse(response, 401, 'invalid_token')
  const { scopes, remainingTTL: secondsLeft } = token
  if (!scopes.has(resource.scope)) {
    return refuse(response, 403, 'insufficient_scope', resource.scope)
  }
  const body = resource.answer(account, await readBody(request), { query, scopes, secondsLeft })
  sendJSON(response, resource.status ?? 200, body)
}

function bearerOf(request: IncomingMessage): string {
  return /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
}

function refuse(response: ServerResponse, status: number, error: string, scope?: string): void {
  const needed = scope === undefined ? '' : `, scope="${scope}"`
  sendJSON(response, status, { error }, { 'www-authenticate': `Bearer error="${error}"${needed}` })
}
