import type { ConnectionParts } from './connection-parts.ts'
import type { RemoteOutcome } from './connection-types.ts'
import { ownerId } from './owner.ts'
import type { ProviderClient } from './protocol/protocol.ts'
import type { ConnectionRecord } from './record-shapes.ts'
import { deleteRecord, readRecord } from './records.ts'
import { latestOf } from './spent.ts'
import type { ConnectionKey } from './storage.ts'

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
  const record = await latestOf(context, found.record)
  const remote = revoke && !record.ended ? await revokeRemotely(client, record) : 'skipped'
  await context.events.tell('disconnected', scene, () => ({
    owner: ownerId(key.owner),
    account: record.account || null,
    remote,
  }))
  return remote
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
