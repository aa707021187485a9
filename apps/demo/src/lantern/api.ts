import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Provider } from 'oidc-provider'
import type { Account, Accounts } from './accounts.ts'
import { sendJSON } from './answer.ts'

interface Resource {
  readonly scope: string
  body(account: Account, secondsLeft: number): object
}

const resources: Readonly<Record<string, Resource>> = {
  '/api/me': {
    scope: 'profile',
    body: (account, secondsLeft) => ({
      id: account.id,
      name: account.name,
      token: `good for another ${secondsLeft} s`,
    }),
  },
  '/api/notes': {
    scope: 'notes',
    body: (account) => ({
      notes: [
        `${account.name}: the lamp is on, come in`,
        'Buy oil before the evening',
        'A token is a key: lend it, do not copy it',
      ],
    }),
  },
}

/** Lantern's API: a bearer token that Lantern itself issued, and the scope that each part asks for. */
export async function answerAPI(
  provider: Provider,
  accounts: Accounts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const resource = resources[pathOf(request)]
  if (resource === undefined) return sendJSON(response, 404, { error: 'not_found' })
  if (request.method !== 'GET') return sendJSON(response, 405, { error: 'method_not_allowed' })
  const token = await provider.AccessToken.find(bearerOf(request))
  const account = token && accounts.find(token.accountId)
  // RFC 6750, section 3.1: the challenge says what is wrong with the token, and which scope would do.
  if (token === undefined || account === undefined) return refuse(response, 401, 'invalid_token')
  if (!token.scopes.has(resource.scope)) {
    return refuse(response, 403, 'insufficient_scope', resource.scope)
  }
  sendJSON(response, 200, resource.body(account, token.remainingTTL))
}

function pathOf(request: IncomingMessage): string {
  return new URL(request.url ?? '/', 'http://localhost').pathname
}

function bearerOf(request: IncomingMessage): string {
  return /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
}

function refuse(response: ServerResponse, status: number, error: string, scope?: string): void {
  const needed = scope === undefined ? '' : `, scope="${scope}"`
  sendJSON(response, status, { error }, { 'www-authenticate': `Bearer error="${error}"${needed}` })
}
