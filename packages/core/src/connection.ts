import { prepareCall, sendCall } from './api.ts'
import type { ConnectionOf, LoginUrlOptions, Reason, RemoteOutcome } from './connection-types.ts'
import type { DanceContext } from './context.ts'
import { DanceError } from './errors.ts'
import type { Scene } from './events.ts'
import type { Token } from './facts.ts'
import type { Needs } from './flight.ts'
import { idOfOwnerText } from './owner.ts'
import type { ProviderClient, Providers } from './protocol/protocol.ts'
import type { ConnectionRecord } from './record-shapes.ts'
import { deleteRecord, type FoundRecord, readRecord } from './records.ts'
import { currentRecord } from './refresh.ts'
import type { Refreshable } from './save-refreshed.ts'
import type { ConnectionKey, TokenStorage } from './storage.ts'
import { isValid } from './token.ts'

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
  /** What else is to be done here when a connection ends. */
  forget?(): void
  /** What else is to be kept anew when its token was. */
  renew?(): Promise<void>
}

/** What stands between a visitor and the API. */
export type RefusalCode = 'login_required' | 'scope_required'

/** Makes what a caller holds of a connection. Its token never shows on the object. */
export function createConnection(parts: ConnectionParts): ConnectionOf<Providers, string> {
  const { context, client, key } = parts
  let held = parts.found
  const record = () => held?.record ?? null
  const owner = key === null ? null : idOfOwnerText(key.owner)

  const needLogin = (reason: Reason | null) => refuse(parts, connection, reason, 'login_required')
  const current = async (o: Needs): Promise<ConnectionRecord> => {
    if (!held) throw await needLogin(null)
    const answer = await currentRecord(refreshable(held), held.record, o)
    if (answer !== null && typeof answer !== 'string') {
      held = { ...held, record: answer }
      return answer
    }
    held = answer === null ? null : { ...held, record: { ...held.record, ended: answer } }
    throw await needLogin(answer)
  }
  const refreshable = (found: FoundRecord): Refreshable => ({
    ...parts,
    key: found.key,
    async refreshed(before, after) {
      await parts.renew?.()
      const fresh = createConnection({ ...parts, found: { ...found, record: after } })
      await context.events.tell('refreshed', parts.scene, () => ({ connection: fresh }))
      await tellScopes(parts, fresh, before)
    },
  })
  const afterRejection = (rejected: string, signal?: AbortSignal | null) =>
    held?.record.token.refreshToken === undefined
      ? Promise.resolve(null)
      : current({ rejected, signal: signal ?? null }).catch((error: unknown) => {
          // a provider that is down now keeps its 401: the token may be good again later
          if (error instanceof DanceError && error.code.startsWith('provider_')) return null
          throw error
        })

  const connection: ConnectionOf<Providers, string> = {
    provider: client.name,
    owner,
    get account() {
      return record()?.account || null
    },
    get status() {
      return statusOf(record())
    },
    get reason() {
      return reasonOf(record())
    },
    get authorized() {
      const status = statusOf(record())
      return status === 'ok' || status === 'expired'
    },
    get scopes() {
      return [...(record()?.token.scopes ?? [])]
    },
    async fetch(input, init) {
      const call = prepareCall(client, input, init)
      if (!call.declared) return sendCall(context.config, client, null, call)
      const { signal } = call.init
      const { token } = await current({ signal: signal ?? null })
      const answer = await sendCall(context.config, client, token, call)
      if (answer.status !== 401) return checkScope(parts, connection, answer)
      const fresh = await afterRejection(token.accessToken, signal)
      if (!fresh || !call.repeatable || fresh.token.accessToken === token.accessToken) return answer
      await answer.body?.cancel()
      return checkScope(
        parts,
        connection,
        await sendCall(context.config, client, fresh.token, call),
      )
    },
    async token(o = {}) {
      const { token } = await current(o)
      return structuredClone(token)
    },
    async profile() {
      const { token } = await current({})
      return client.protocol.profile(client, token).catch(async (error: unknown) => {
        const refused = error instanceof DanceError && error.code === 'grant_refused'
        const fresh = refused ? await afterRejection(token.accessToken) : null
        if (fresh) return client.protocol.profile(client, fresh.token)
        throw refused ? await needLogin('revoked') : error
      })
    },
    async disconnect({ revoke = true } = {}) {
      const ended = key && (await disconnectRecord(parts, key, revoke))
      held = null
      return { remote: ended ?? 'skipped' }
    },
  }
  return connection
}

/** A connection outside a visit: it can say that a login is needed, and not where. */
export function detachedParts(parts: Omit<ConnectionParts, 'refuse' | 'forget'>): ConnectionParts {
  const provider = parts.client.name
  return {
    ...parts,
    async refuse(code, { scopes }) {
      const message = `Cannot act at "${provider}": its owner has to log in again`
      return new DanceError(code, message, { provider, phase: 'connection', scopes })
    },
  }
}

/** Tells that a connection needs a login, where it was one before, and makes the error that says so. */
export async function refuse(
  parts: ConnectionParts,
  connection: ConnectionOf<Providers, string>,
  reason: Reason | null,
  code: RefusalCode,
  o: LoginUrlOptions = {},
): Promise<DanceError> {
  const { events } = parts.context
  if (reason) await events.tell('needsLogin', parts.scene, () => ({ connection, reason }))
  return parts.refuse(code, o)
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

/** Ends a connection: first here, then at the provider, so that nothing is left here whatever the provider does. */
async function disconnectRecord(
  parts: ConnectionParts,
  key: ConnectionKey,
  revoke: boolean,
): Promise<RemoteOutcome | null> {
  const { context, client, storage, scene } = parts
  const found = await readRecord(context, storage, key, { fresh: true })
  if (!found) return null
  await deleteRecord(context, storage, found.key)
  parts.forget?.()
  const { record } = found
  const remote = revoke && !record.ended ? await revokeRemotely(client, record.token) : 'skipped'
  await context.events.tell('disconnected', scene, () => ({
    owner: idOfOwnerText(key.owner),
    account: record.account || null,
    remote,
  }))
  return remote
}

async function revokeRemotely(client: ProviderClient, token: Token): Promise<RemoteOutcome> {
  return client.protocol.revoke(client, token).catch(() => 'failed' as const)
}

function statusOf(record: ConnectionRecord | null): 'none' | 'ok' | 'expired' | 'needs_login' {
  if (!record) return 'none'
  if (record.ended) return 'needs_login'
  if (isValid(record.token, 0)) return 'ok'
  return record.token.refreshToken === undefined ? 'needs_login' : 'expired'
}

function reasonOf(record: ConnectionRecord | null): Reason | null {
  if (record?.ended) return record.ended
  return statusOf(record) === 'needs_login' ? 'expired' : null
}

/** RFC 6750 section 3.1: the API asks for a scope the token lacks; more consent mends it, a refresh would not. */
async function checkScope(
  parts: ConnectionParts,
  connection: ConnectionOf<Providers, string>,
  answer: Response,
): Promise<Response> {
  const challenge = answer.headers.get('www-authenticate') ?? ''
  if (answer.status !== 403 || !/\berror="?insufficient_scope\b/i.test(challenge)) return answer
  await answer.body?.cancel()
  const scopes = /\bscope="([^"]*)"/i.exec(challenge)?.[1]?.split(' ').filter(Boolean) ?? []
  throw await refuse(parts, connection, 'scopes_missing', 'scope_required', { scopes })
}
