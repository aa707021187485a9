import type { ConnectionParts } from './connection-parts.ts'
import type { RemoteOutcome } from './connection-types.ts'
import type { Token } from './facts.ts'
import { idOfOwnerText } from './owner.ts'
import type { ProviderClient } from './protocol/protocol.ts'
import { deleteRecord, readRecord } from './records.ts'
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
