import type { ConnectionParts } from './connection-parts.ts'
import type { DanceContext } from './context.ts'
import { cannotConnect, DanceError, type DanceErrorCode } from './errors.ts'
import { resolveOrigin } from './origin.ts'
import { ownerId } from './owner.ts'
import {
  type ConnectionRecord,
  type ConnectLink,
  type Flow,
  isConnectLink,
} from './record-shapes.ts'
import { readRecord } from './records.ts'
import type { Binding } from './seal.ts'
import type { TokenStorage } from './storage.ts'
import { now } from './token.ts'

const binding: Binding = { purpose: 'connect', name: 'connect' }

/**
 * Makes a link to (re)connect: a whole URL.
 * Throws `not_supported` for a connection that no named owner has, `origin_missing`, `origin_not_allowed`.
 */
export async function makeConnectLink(
  { context, scene, key }: ConnectionParts,
  record: ConnectionRecord | undefined,
  { returnTo, ttl }: { returnTo?: string; ttl: number },
): Promise<string> {
  if (!key || ownerId(key.owner) === null) {
    throw new DanceError(
      'not_supported',
      'Cannot make a link to connect: it has to name an owner',
      { phase: 'connection' },
    )
  }
  const { config, routes, seals } = context
  const origin = scene.visit ? scene.visit.origin() : resolveOrigin(config)
  const account = record?.account || key.account || undefined
  const link = { ...key, account, returnTo, grant: lastDance(record) }
  return origin.url + routes.connect + (await seals.seal(binding, link, now() + ttl))
}

/** Opens a link's seal. Throws `flow_missing` for anything else, `flow_expired`. */
export async function openConnectLink({ seals }: DanceContext, text: string): Promise<ConnectLink> {
  const opened = await seals.open(binding, text, isConnectLink)
  if (!opened) throw linkIsOver('flow_missing')
  if (opened.exp <= now()) throw linkIsOver('flow_expired')
  return opened.data
}

/**
 * Refuses a link, and a flow begun by it, that was made before the connection's last dance. Other flows have no `grant`.
 * Throws `flow_missing`, `storage_failed`.
 */
export async function requireStanding(
  context: DanceContext,
  storage: TokenStorage,
  { provider, owner, account, grant }: Flow | ConnectLink,
): Promise<void> {
  if (grant === undefined) return
  const key = { provider, owner, ...(account !== undefined && { account }) }
  const found = await readRecord(context, storage, key, { fresh: true })
  if (lastDance(found?.record) !== grant) throw linkIsOver('flow_missing')
}

// The grant alone would not do: a dance that brings no refresh token keeps it with the old one.
function lastDance(record: ConnectionRecord | undefined): string {
  return record ? `${record.grant} ${record.connectedAt}` : ''
}

function linkIsOver(code: DanceErrorCode): DanceError {
  return cannotConnect(code, 'this link is over; ask for a new one')
}
