import type { DanceContext } from './context.ts'
import { cannotConnect } from './errors.ts'
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
  { storage, cookies }: VisitState,
  { flow, jti, exp, cookieName }: FoundFlow,
): Promise<void> {
  const { takenFlows } = context
  // before the first await: two answers at once must not both pass
  let isTaken = takenFlows.has(jti)
  takenFlows.set(jti, exp)
  for (const [oldest, end] of takenFlows) {
    if (end > now()) break
    takenFlows.delete(oldest)
  }
  if (!isTaken && storage.consistency === 'strong') {
    const key = { provider: 'flow', owner: jti, account: '' }
    const record = { value: 'taken', connectedAt: now(), expiresAt: exp }
    const put = () => storage.put(key, record, { ifVersion: null })
    const outcome = await ask(context, put, flow.provider).catch((error: unknown) => {
      takenFlows.delete(jti) // the visitor may try again: if it was kept after all, that conflicts
      throw error
    })
    isTaken = outcome === 'conflict'
  }
  if (isTaken) throw cannotConnect('flow_missing', 'the login is finished already')
  cookies.delete(cookieName)
}
