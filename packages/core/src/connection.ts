import { type ApiAnswer, prepareCall, sendCall } from './api.ts'
import { makeConnectLink } from './connect-link.ts'
import { type ConnectionParts, refuse, tellScopes } from './connection-parts.ts'
import type { ConnectionOf, Reason } from './connection-types.ts'
import { endConnection } from './end-connection.ts'
import { DanceError } from './errors.ts'
import type { Token } from './facts.ts'
import type { Needs } from './flight.ts'
import { ownerId } from './owner.ts'
import type { Providers } from './protocol/protocol.ts'
import type { ConnectionRecord } from './record-shapes.ts'
import type { FoundRecord } from './records.ts'
import { currentRecord } from './refresh.ts'
import type { Refreshable } from './save-refreshed.ts'
import { isValid } from './token.ts'

/** Makes what a caller holds of a connection. Its token never shows on the object. */
export function createConnection(parts: ConnectionParts): ConnectionOf<Providers, string> {
  const { context, client, key } = parts
  let held = parts.found
  const needLogin = (reason: Reason | null) => refuse(parts, connection, reason)
  const current = async (o: Needs): Promise<ConnectionRecord> => {
    const record = held && (await currentRecord(refreshable(held), held.record, o))
    held = held && record && { ...held, record }
    if (record && !record.ended) return record
    throw await needLogin(record?.ended ?? null)
  }
  const refreshable = (found: FoundRecord): Refreshable => ({
    ...parts,
    key: found.key,
    async refreshed(before, after) {
      await parts.lead?.(true)
      const fresh = createConnection({ ...parts, found: { ...found, record: after } })
      await context.events.tell('refreshed', parts.scene, () => ({ connection: fresh }))
      await tellScopes(parts, fresh, before)
    },
  })
  const afterRejection = async (rejected: string, signal: AbortSignal | null = null) => {
    if (held?.record.token.refreshToken === undefined) return null
    return current({ rejected, signal }).catch((error: unknown) => {
      // a provider that is down now keeps its 401: the token may be good again later
      if (error instanceof DanceError && error.code.startsWith('provider_')) return null
      throw error
    })
  }
  const connection: ConnectionOf<Providers, string> = {
    provider: client.name,
    owner: key && ownerId(key.owner),
    get account() {
      return held?.record.account || null
    },
    get status() {
      return statusOf(held?.record)
    },
    get reason() {
      return held?.record.ended ?? (connection.status === 'needs_login' ? 'expired' : null)
    },
    get authorized() {
      return connection.status === 'ok' || connection.status === 'expired'
    },
    get scopes() {
      return [...(held?.record.token.scopes ?? [])]
    },
    async fetch(input, init) {
      const call = prepareCall(client, input, init)
      const send = (token: Token | null) => sendCall(context.config, client, token, call)
      if (!call.declared) return (await send(null)).response
      const { signal = null } = call.init
      const { token } = await current({ signal })
      const answer = await send(token)
      const { response, own } = answer
      if (!own || response.status !== 401) return checkScope(parts, connection, answer)
      const fresh = await afterRejection(token.accessToken, signal)
      if (!fresh || !call.repeatable || fresh.token.accessToken === token.accessToken)
        return response
      await response.body?.cancel()
      return checkScope(parts, connection, await send(fresh.token))
    },
    async token(o = {}) {
      return structuredClone((await current(o)).token)
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
    connectUrl: (o) => makeConnectLink(parts, held?.record, o),
    async disconnect({ revoke = true } = {}) {
      const ended = key && (await endConnection(parts, key, revoke))
      held = null
      return { remote: ended ?? 'skipped' }
    },
  }
  return connection
}

function statusOf(record: ConnectionRecord | undefined): 'none' | 'ok' | 'expired' | 'needs_login' {
  if (!record) return 'none'
  if (record.ended) return 'needs_login'
  if (isValid(record.token, 0)) return 'ok'
  return record.token.refreshToken === undefined ? 'needs_login' : 'expired'
}

/** RFC 6750 section 3.1: the API asks for a scope the token lacks; more consent mends it, a refresh would not. */
async function checkScope(
  parts: ConnectionParts,
  connection: ConnectionOf<Providers, string>,
  { response, own }: ApiAnswer,
): Promise<Response> {
  const challenge = response.headers.get('www-authenticate') ?? ''
  const missing = response.status === 403 && /\berror="?insufficient_scope\b/i.test(challenge)
  if (!own || !missing) return response
  await response.body?.cancel()
  const scopes = /\bscope="([^"]*)"/i.exec(challenge)?.[1]?.split(' ').filter(Boolean) ?? []
  throw await refuse(parts, connection, 'scopes_missing', { scopes })
}
