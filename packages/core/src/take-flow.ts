import type { DanceContext } from './context.ts'
import { DanceError } from './errors.ts'
import type { FoundFlow } from './flow.ts'
import { ask } from './records.ts'
import { now } from './token.ts'
import type { VisitState } from './visit.ts'

/**
 * Takes a flow, once: in one isolate always, across isolates where a strong storage keeps its id.
 * Throws `flow_missing` for one that is taken, `storage_failed`.
 */
export async function takeFlow(
  context: DanceContext,
  visit: VisitState,
  { flow, jti, exp, cookieName }: FoundFlow,
): Promise<void> {
  const { takenFlows } = context
  // before the first await: two answers at once must not both pass
  if (takenFlows.has(jti)) throw alreadyTaken()
  takenFlows.set(jti, exp)
  for (const [oldest, end] of takenFlows) {
    if (end > now()) break
    takenFlows.delete(oldest)
  }
  if (visit.storage.consistency === 'strong') {
    const key = { provider: 'flow', owner: jti, account: '' }
    const record = { value: 'taken', connectedAt: now(), expiresAt: exp }
    const put = () => visit.storage.put(key, record, { ifVersion: null })
    const outcome = await ask(context, flow, 'write', put).catch((error: unknown) => {
      takenFlows.delete(jti) // the visitor may try again: if it was kept after all, that conflicts
      throw error
    })
    if (typeof outcome === 'string') throw alreadyTaken()
  }
  visit.cookies.delete(cookieName)
}

function alreadyTaken(): DanceError {
  return new DanceError('flow_missing', 'Cannot finish the login: it is over already')
}
