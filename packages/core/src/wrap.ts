import { secureAnswer } from './answers.ts'
import type { DanceContext } from './context.ts'
import { DanceError, locateError } from './errors.ts'
import { failureAnswer } from './failure-answer.ts'
import type { VisitContext } from './types.ts'
import type { VisitState } from './visit.ts'
import { type AnyVisit, createVisitApi } from './visit-api.ts'

/** An app that is given a visit beside its request. */
export type AnyApp = (
  request: Request,
  visit: AnyVisit,
  ...rest: unknown[]
) => Response | Promise<Response>

/** Serves one request of the app's own, with a visit; the errors that need a login become the way to it. */
export async function serveApp(
  context: DanceContext,
  state: VisitState,
  app: AnyApp,
  rest: readonly unknown[],
): Promise<Response> {
  const visit = createVisitApi(context, state)
  try {
    return visit.commit(await app(state.request, visit, ...rest))
  } catch (error) {
    const answer = visit.answer(error)
    if (answer) return visit.commit(answer)
    if (state.storage.consistency !== 'request' || !state.cookies.holdsNew()) throw error
    // rethrown, a refreshed token would be lost
    const cause = locateError(error, 'app')
    const failure = new DanceError('internal', 'Cannot serve the request: the app threw', { cause })
    const scene = { phase: 'app', patience: context.config.timeout }
    return secureAnswer(visit.commit(await failureAnswer(context, state, failure, scene)))
  }
}

/** Finds `waitUntil`: Workers hand a context to fetch(request, env, context), others have it on their second argument. */
export function contextIn(rest: readonly unknown[]): VisitContext {
  // whatever they are, a member can be asked of all but null and undefined
  for (const one of rest as ({ waitUntil?: unknown } | null | undefined)[]) {
    const waitUntil = one?.waitUntil
    if (typeof waitUntil === 'function')
      return { waitUntil: (promise) => waitUntil.call(one, promise) }
  }
  return {}
}
