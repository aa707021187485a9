import type { ConnectionOf, LoginUrlOptions, Reason } from './connection-types.ts'
import type { DanceContext } from './context.ts'
import { DanceError } from './errors.ts'
import type { Scene } from './events.ts'
import type { ProviderClient, Providers } from './protocol/protocol.ts'
import type { ConnectionRecord } from './record-shapes.ts'
import type { FoundRecord } from './records.ts'
import type { ConnectionKey, TokenStorage } from './storage.ts'

/** What a connection is made from. */
export interface ConnectionParts {
  readonly context: DanceContext
  readonly client: ProviderClient
  readonly storage: TokenStorage
  readonly scene: Scene
  /** Null where nobody can own one: no user is signed in. */
  readonly key: ConnectionKey | null
  readonly found: FoundRecord | null
  /** Makes the error that sends the visitor to log in. */
  refuse(code: RefusalCode, o: LoginUrlOptions): Promise<DanceError>
  /** Keeps what else leads here to a connection for as long again, or ends it with the connection. */
  lead?(lives: boolean): Promise<void>
}

/** What stands between a visitor and the API. */
export type RefusalCode = 'login_required' | 'scope_required'

/** A connection outside a visit: it can say that a login is needed, and not where. */
export function detachedParts(parts: Omit<ConnectionParts, 'refuse' | 'lead'>): ConnectionParts {
  const provider = parts.client.name
  return {
    ...parts,
    async refuse(code, { scopes }) {
      const message = `Cannot use "${provider}": its owner has to log in again`
      return new DanceError(code, message, { provider, phase: 'connection', scopes })
    },
  }
}

/** Tells that a connection needs a login, where it was one before, and makes the error that says so. */
export async function refuse(
  parts: ConnectionParts,
  connection: ConnectionOf<Providers, string>,
  reason: Reason | null,
  o: LoginUrlOptions = {},
): Promise<DanceError> {
  const { events } = parts.context
  if (reason) await events.tell('needsLogin', parts.scene, () => ({ connection, reason }))
  return parts.refuse(reason === 'scopes_missing' ? 'scope_required' : 'login_required', o)
}

/** Tells that a login or a refresh changed what is granted. */
export async function tellScopes(
  parts: ConnectionParts,
  connection: ConnectionOf<Providers, string>,
  before: ConnectionRecord,
): Promise<void> {
  const was = before.token.scopes
  const is = connection.scopes
  if (was.length === is.length && was.every((scope) => is.includes(scope))) return
  const extra = () => ({ connection, before: [...was] })
  await parts.context.events.tell('scopesChanged', parts.scene, extra)
}
