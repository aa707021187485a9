import { secureAnswer } from './answers.ts'
import type { DanceContext } from './context.ts'
import { DanceError, locateError } from './errors.ts'
import { failureAnswer } from './failure-answer.ts'
import type { VisitContext } from './types.ts'
import { createVisit } from './visit.ts'
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
  app: AnyApp,
  request: Request,
  rest: readonly unknown[],
): Promise<Response> {
  const state = createVisit(context.config, request, contextIn(rest))
  const visit = createVisitApi(context, state)
  try {
    return visit.commit(await app(request, visit, ...rest))
  } catch (error) {
    const answer = visit.answer(error)
    if (answer) return visit.commit(answer)
    if (state.storage.consistency !== 'request' || !state.cookies.holdsNew()) throw error
    // rethrown, a refreshed token would be lost
    const message = 'Cannot serve the request: the app threw'
    const failure = new DanceError('internal', message, { cause: locateError(error, 'app') })
    const scene = { phase: 'app', patience: context.config.timeout }
    return secureAnswer(visit.commit(await failureAnswer(context, state, failure, scene)))
  }
}

/** Finds `waitUntil`: Workers hand a context to fetch(request, env, context), others have it on their second argument. */
export function contextIn(rest: readonly unknown[]): VisitContext {
  for (const one of rest) {
    if (typeof one !== 'object' || one === null) continue
    const waitUntil: unknown = Reflect.get(one, 'waitUntil')
    if (typeof waitUntil === 'function') {
      return { waitUntil: (promise) => Reflect.apply(waitUntil, one, [promise]) }
    }
  }
  return {}
}
