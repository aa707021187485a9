import { createConnection } from './connection.ts'
import { detachedParts } from './connection-parts.ts'
import type { DanceContext } from './context.ts'
import { cannotConnect } from './errors.ts'
import type { Decision } from './events.ts'
import type { Profile } from './facts.ts'
import { mergeLogin } from './merge-record.ts'
import { isOwnerFree } from './owner.ts'
import type { Grant, ProviderClient } from './protocol/protocol.ts'
import type { Flow, Owner } from './record-shapes.ts'
import type { VisitState } from './visit.ts'

/** A login that the provider has granted and nobody has stored. */
export interface GrantedLogin {
  readonly flow: Flow
  readonly grant: Grant
  /** Asks the provider once, however often it is called. */
  profile(): Promise<Profile>
}

/** The app's word before anything is stored: whose it is, if anyone's. What it refuses is given back to the provider. */
export async function acceptLogin(
  context: DanceContext,
  visit: VisitState,
  client: ProviderClient,
  { flow, grant, profile }: GrantedLogin,
): Promise<Decision & { named: Owner }> {
  const { storage } = visit
  const { name: provider } = client
  const { owner } = flow
  const record = mergeLogin(client, null, grant, flow.scopes)
  const key = { provider, owner, account: grant.account }
  const found = { key, record, version: '' }
  const scopes = {
    requested: flow.scopes,
    granted: record.token.scopes,
    missing: record.refused,
  }
  const scene = { visit, provider }
  const parts = detachedParts({ context, client, storage, scene, key, found })
  try {
    const extra = () => ({ profile, scopes, connection: createConnection(parts) })
    const decision = await context.events.decide('authorized', scene, extra)
    if (decision.veto) {
      throw cannotConnect('login_forbidden', 'this site does not accept the account')
    }
    return { ...decision, named: decidedOwner(context, visit, owner, decision.owner) }
  } catch (error) {
    await client.protocol.revoke(client, grant.token).catch(() => {}) // the login has failed already
    throw error
  }
}

function decidedOwner(
  context: DanceContext,
  visit: VisitState,
  owner: Owner,
  id: string | undefined,
): Owner {
  if (id === undefined) {
    if (owner !== '') return owner
    throw cannotConnect('owner_required', 'nobody is signed in; sign in first')
  }
  const named: Owner = `user:${id}`
  if (owner === '' || owner === named || isOwnerFree(context, visit)) return named
  throw cannotConnect('owner_mismatch', 'this login was taken for somebody else than is signed in')
}
