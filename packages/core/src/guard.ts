import { isSameOrigin } from './answers.ts'
import { within } from './deadline.ts'
import { DanceError } from './errors.ts'
import type { Config } from './options.ts'
import type { VisitState } from './visit.ts'

/** What a guard is asked about. */
export type GuardedAction = 'login' | 'logout' | 'list'

/** Whether the app lets this visitor do that; without a guard it does. A guard that throws or is late refuses. */
export async function isAllowed(
  config: Config,
  visit: VisitState,
  provider: string,
  action: GuardedAction,
): Promise<boolean> {
  const { authorizeLogin } = config
  if (!authorizeLogin) return true
  const ask = () => authorizeLogin(visit.request, { provider, action })
  const late = () => new Error('late')
  return (await within(ask, config.timeout, late).catch(() => false)) === true
}

/** Throws `login_forbidden` unless the app lets this visitor do that. */
export async function requireAllowed(
  config: Config,
  visit: VisitState,
  provider: string,
  action: GuardedAction,
): Promise<void> {
  if (!(await isAllowed(config, visit, provider, action))) throw forbidden()
}

/** The error for a visitor whom the app does not let do that. */
export function forbidden(): DanceError {
  const message = 'Cannot do that: this site does not let you'
  return new DanceError('login_forbidden', message)
}

/** Throws `cross_origin` unless the request comes from the app's own pages. */
export function requireSameOrigin(visit: VisitState): void {
  if (isSameOrigin(visit.request, visit.origin().url)) return
  throw new DanceError('cross_origin', 'Cannot do that: only a page of this site may ask for it')
}
