import type { ConnectionParts } from './connection-parts.ts'
import type { RemoteOutcome } from './connection-types.ts'
import type { DanceContext } from './context.ts'
import { inForce, writeInForce } from './in-force.ts'
import { ownerId } from './owner.ts'
import type { ProviderClient } from './protocol/protocol.ts'
import type { ConnectionRecord } from './record-shapes.ts'
import { deleteRecord, type FoundRecord, readRecord } from './records.ts'
import type { ConnectionKey, TokenStorage } from './storage.ts'

const mostConflicts = 5

/** Ends a connection: first here, then at the provider, so that nothing is left here whatever the provider does. */
export async function endConnection(
  parts: ConnectionParts,
  key: ConnectionKey,
  revoke: boolean,
): Promise<RemoteOutcome | null> {
  const { context, client, storage, scene } = parts
  const found = await readRecord(context, storage, key, { fresh: true })
  if (!found) return null
  await deleteRecord(context, storage, found.key)
  await parts.lead?.(false)
  // a cookie from before a refresh holds a token that is spent: to revoke that one would end nothing
  const record = await endInForce(context, storage, found)
  const remote = revoke && !record.ended ? await revokeRemotely(client, record) : 'skipped'
  await context.events.tell('disconnected', scene, () => ({
    owner: ownerId(key.owner),
    account: record.account || null,
    remote,
  }))
  return remote
}

// In the coordinator too: a refresh under way and copies of the cookie find it there.
async function endInForce(
  context: DanceContext,
  storage: TokenStorage,
  found: FoundRecord,
): Promise<ConnectionRecord> {
  try {
    for (let attempt = 0; ; attempt++) {
      const standing = await inForce(context, storage, found)
      const { entry, record } = standing
      if (!entry || record.ended || attempt === mostConflicts) return record
      const ended: ConnectionRecord = { ...record, ended: 'revoked' }
      const outcome = await writeInForce(context, storage, standing, ended)
      if (outcome !== 'conflict') return record
    }
  } catch {
    return found.record // it is deleted where it was kept, and that is what was asked for
  }
}

async function revokeRemotely(
  client: ProviderClient,
  { token, stamp }: ConnectionRecord,
): Promise<RemoteOutcome> {
  const { protocol } = client
  try {
    // a provider that has moved is sent no token from before
    const { tokenOrigin } = await protocol.stamp(client)
    if (tokenOrigin === stamp.tokenOrigin) return await protocol.revoke(client, token)
  } catch {} // said below, and nothing more to do: it is ended here
  return 'failed'
}
